// Outside heads: what somebody else holds about a ledger, to compare a package or a case with
// (evidence-ledger(5), "Checkpoints"). A checkpoint that was handed out, a statement of a transfer,
// another package of the case. Only such a thing shows that a ledger was cut off at its end, or
// that two readers were given two histories.
//
// Thread rule: reading needs one owner; then it is plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/checkpoint_text.h"
#include "base/context.h"
#include "base/file.h"
#include "base/finding.h"
#include "digest/digest.h"
#include "signature/signature_time.h"

namespace evidence {

struct OutsideHead {
    std::string where;                         // the file
    std::string what;                          // "checkpoint", "receipt", "package" ..
    std::string signer;                        // subject; empty when it is not signed
    bool signer_is_trusted = false;            // and its chain leads to an anchor
    std::optional<CheckpointText> checkpoint;  // of a ledger, perhaps of another one
    std::string manifest_sha256;               // of the package that it is or speaks of, or empty
    std::string offer_sha256;                  // of the offer that it answers, or empty

    // Of packages only.
    struct Package {
        std::string id, case_number, ledger_id;
        std::string previous_manifest_sha256;  // empty when it names none
        UtcTime created_at;
    };
    std::optional<Package> package;
};

// Adds to a finding's `where`.
class OutsideHeads {
public:
    // A checkpoint (FILE, its signature in FILE.p7s), a statement (NAME.json, its signature in
    // NAME.p7s), a package, or a folder: of a transfer, of packages and checkpoints, of a case
    // with its packages.
    // A signature that does not hold leaves the head out, with a finding. Error(not_found) when
    // there is nothing, Error(malformed) when it is none of these.
    void add(const fs::path& path, const JudgedBy& by);

    const std::vector<OutsideHead>& all() const { return heads_; }
    bool empty() const { return heads_.empty(); }
    // About the heads themselves, layer outside-heads:
    //   custody.head-unsigned   (warning) only the word of whoever gave it
    //   custody.head-untrusted  (warning) its signer has no trusted chain, or has no longer
    //   custody.head-invalid    (indeterminate) what it says is not what its signer signed
    const Findings& findings() const { return findings_; }

private:
    void add_folder(const fs::path& folder, const JudgedBy& by);
    void add_file(const fs::path& file, const JudgedBy& by);
    void add_package(const File& file, const JudgedBy& by);
    void add_checkpoint(const fs::path& file, const std::string& text, const JudgedBy& by);
    void add_statement(const fs::path& file, const std::string& text, const JudgedBy& by);

    std::vector<OutsideHead> heads_;
    Findings findings_;
};

}  // namespace evidence
