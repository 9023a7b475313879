// What an interrupted send must remember to go on with the same transfer: its id, its key, and what
// it was asked to do. A small file, in the case at CASE/transfers/<id>/sending.json, without a case
// beside the package as PACKAGE.sending: never on the medium that travels, because the key is in
// it. It vanishes when the transfer is complete.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/file.h"
#include "custody/case_folder.h"
#include "transfer/part_list.h"
#include "transfer/transfer_key.h"

namespace evidence {

// What makes two command lines the same send.
struct SendPlan {
    fs::path destination;  // absolute
    PartForm form = PartForm::encrypted;
    std::string manifest_sha256;
    std::uint64_t part_size_bytes = default_part_bytes;
    std::vector<std::string> recipients;  // fingerprints

    bool operator==(const SendPlan&) const = default;
};

class SendState {
public:
    // Goes on with the unfinished send of that plan or remembers a new one, and keeps others from
    // working on it at the same time: Error(exists) when a process does. Without a case also
    // Error(exists) when the package has an unfinished send of another plan.
    static SendState open(const SendPlan& plan, const fs::path& package,
                          const CaseFolder* case_folder, const Context& context);

    const TransferKey& key() const { return key_; }
    const std::string& transfer() const { return key_.transfer(); }
    bool is_resumed() const { return is_resumed_; }

    void forget();  // once the transfer is complete

private:
    SendState(fs::path path, TransferKey key, bool is_resumed);

    fs::path path_;
    File lock_;
    TransferKey key_;
    bool is_resumed_;
};

}  // namespace evidence
