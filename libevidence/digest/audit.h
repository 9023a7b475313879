// Files against a list of what should be there: the five answers of an audit, as hashdeep -a has
// them, one for each file.
//
// The list lies in unnamed files in the scratch folder, so that memory does not grow with it but
// for two bits per file.
//
// Thread rule: one thread; the sink is called on it.
#pragma once

#include <functional>
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

    // Reads the list. Lines of one name one after the other are one file. The strongest algorithm
    // of the first file is the one that counts; a file without it is a problem. Error(malformed)
    // when the list has no file.
    Audit(const Context& context, ListReader& list, Sink sink, const ProblemSink& problems);

    Algorithm algorithm() const { return algorithm_; }  // what the files have to be digested by
    std::uint64_t listed() const { return listed_; }

    // A leading ./ counts for nothing, here and in the list. Precondition: file.outcome is hashed.
    void take(const HashedFile& file);
    // After the last file: what is missing, in the order of the list.
    AuditSummary finish();

private:
    struct Listed {
        std::uint64_t number = 0;
        DigestKey digest{};
        std::string name;
    };

    void read(ListReader& list, const ProblemSink& problems);
    void add(const HashListFile& file);
    void write_pending();
    Listed listed_at(std::uint64_t place) const;
    void answer(AuditAnswer answer, std::string_view name, std::string_view listed_as = {});
    bool take_by_name(std::string_view name, const DigestKey& digest);
    bool take_by_content(std::string_view name, const DigestKey& digest);

    const Context& context_;
    Sink sink_;
    Algorithm algorithm_ = Algorithm::sha256;
    std::uint64_t listed_ = 0;
    File entries_;         // of the list: number, digest, length of the name, the name
    std::string pending_;  // of entries_, not written yet
    std::uint64_t entries_bytes_ = 0;
    File tables_;
    DigestTable by_name_, by_content_;
    std::vector<bool> name_seen_, content_seen_;  // by number
    AuditSummary summary_;
};

}  // namespace evidence
