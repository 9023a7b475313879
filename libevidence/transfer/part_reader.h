// The parts of a transfer as they lie in its folder, each checked against the offer: parts.txt
// against the digest in the offer, every part against parts.txt. No key is needed for that.
#pragma once

#include <variant>

#include "base/file.h"
#include "transfer/part_list.h"
#include "transfer/statement.h"
#include "transfer/transfer_fault.h"

namespace evidence {

inline PartForm part_form(const Offer& offer) {
    return offer.is_encrypted() ? PartForm::encrypted : PartForm::clear;
}

// The offer must outlive the reader.
class PartReader {
public:
    // A fault when parts.txt is missing, not the one offered, or no list of that many parts.
    static std::variant<PartReader, TransferFault> open(fs::path folder, const Offer& offer);

    // The bytes of part `number` (from 1) as they travel, or why they are not those listed.
    std::variant<Bytes, TransferFault> read(std::uint64_t number) const;

    fs::path path(std::uint64_t number) const;
    std::uint64_t plain_bytes(std::uint64_t number) const;

private:
    PartReader(fs::path folder, const Offer& offer, std::vector<Sha256> list)
        : folder_(std::move(folder)), offer_(&offer), list_(std::move(list)) {}
    TransferFault explain(std::uint64_t number, ByteView part, const Sha256& digest) const;

    fs::path folder_;
    const Offer* offer_;
    std::vector<Sha256> list_;
};

// A fault when key.p7m is missing or not the one offered; else its bytes.
std::variant<Bytes, TransferFault> read_key_file(const fs::path& folder, const Offer& offer);

}  // namespace evidence
