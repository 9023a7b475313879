// Files against a list of what should be there: the five answers of an audit, as hashdeep -a has
// them, one for each file.
//
// The list lies in unnamed files in the scratch folder, so that memory does not grow with it but
// for a bit per file.
//
// Thread rule: one thread; the sink is called on it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "digest/digest_table.h"
#include "digest/hash_queue.h"
#include "digest/list_reader.h"

namespace evidence {

enum class AuditAnswer {
    matched,  // name and content are in the list
    moved,    // the content is in the list under another name, and this name is not
    changed,  // the name is in the list with another content
    added,    // neither is
    missing,  // in the list, and neither the name nor the content was found
};
std::string_view name_of(AuditAnswer answer);  // "new" for added

// Views are valid during the sink's call only.
struct AuditedFile {
    AuditAnswer answer;
    std::string_view name;
    std::string_view listed_as;  // moved: the name in the list
};
// "a/b: moved: the list has this content as a/c": one plain sentence, names as they are.
std::string sentence_about(const AuditedFile& file);

struct AuditSummary {
    std::uint64_t matched = 0, moved = 0, changed = 0, added = 0, missing = 0;
    bool holds() const { return moved + changed + added + missing == 0; }
};

class Audit {
public:
    using Sink = std::function<void(const AuditedFile& file)>;
    using ProblemSink = std::function<void(const ListProblem& problem)>;

    // Reads the list. Of several digests in one entry the strongest counts; of several entries of
    // one name all do, and the size where there is one. Error(malformed) when the list has no file.
    Audit(const Context& context, ListReader& list, Sink sink, const ProblemSink& problems);

    const AlgorithmSet& algorithms() const { return algorithms_; }  // to digest the files by

    // A leading ./ counts for nothing, here and in the list. Precondition: file.outcome is hashed.
    void take(const HashedFile& file);
    // One that is there and cannot be compared: it is not missing either.
    void take_unreadable(std::string_view name);
    // After the last file: what is missing, in the order of the list.
    AuditSummary finish();

private:
    struct Listed {
        std::uint64_t number = 0, size_bytes = 0;
        Algorithm algorithm = Algorithm::sha256;
        DigestKey digest{};
        std::string name;
    };
    // Among the rows of one content: those before `next` are seen, or of a name of which the list
    // says something else too.
    struct Cursor {
        std::uint64_t next = 0;
        std::optional<std::uint64_t> origin;  // the place of the first that is of this content
    };

    void read(ListReader& list, const ProblemSink& problems);
    DigestKey add(const HashListFile& file);
    void write_pending();
    Listed listed_at(std::uint64_t place) const;
    void visit_listed(std::string_view name,
                      const std::function<void(const Listed& listed)>& visit) const;
    bool is_first_of_name(std::string_view name, std::uint64_t place) const;
    bool agrees(const Listed& listed, const HashedFile& file) const;
    bool is_origin(const Listed& listed, std::uint64_t place, const HashedFile& file) const;
    Cursor* cursor_at(Algorithm algorithm, const DigestKey& key);
    void answer(AuditAnswer answer, std::string_view name, std::string_view listed_as = {});
    bool take_by_name(const HashedFile& file);
    bool take_by_content(const HashedFile& file, Algorithm algorithm);

    const Context& context_;
    Sink sink_;
    AlgorithmSet algorithms_;
    std::uint64_t listed_ = 0;
    File entries_;         // of the list: a head of fixed size and the name
    std::string pending_;  // of entries_, not written yet
    std::uint64_t entries_bytes_ = 0;
    File tables_;
    DigestTable by_name_, by_content_;
    std::vector<bool> seen_;                                     // by number
    std::map<std::pair<Algorithm, DigestKey>, Cursor> cursors_;  // bounded
    AuditSummary summary_;
};

}  // namespace evidence
