#include "transfer/part_reader.h"

#include <algorithm>

#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "signature/envelope.h"
#include "transfer/part.h"
#include "transfer/transfer_folder.h"
#include "transfer/transfer_key.h"

namespace evidence {
namespace {

// Where a KEKRecipientInfo names its key: near the start, before the encrypted content.
constexpr std::size_t envelope_head_bytes = 256;

// True when the part begins like an envelope under the key of that transfer. Only explains a part
// whose digest is wrong already, so a search for the DER of the key id is enough.
bool names_transfer(ByteView part, std::string_view transfer) {
    const EnvelopeKeyId id = uuid_bytes(transfer);
    Bytes octet_string = {0x04, static_cast<std::uint8_t>(id.size())};
    octet_string.insert(octet_string.end(), id.begin(), id.end());
    const ByteView head = part.first(std::min(part.size(), envelope_head_bytes));
    return std::search(head.begin(), head.end(), octet_string.begin(), octet_string.end()) !=
           head.end();
}

std::string parts_text(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " part" : " parts");
}

}  // namespace

std::variant<PartReader, TransferFault> PartReader::open(fs::path folder, const Offer& offer) {
    const fs::path path = folder / part_list_file_name;
    if (!path_exists(path)) {
        return TransferFault{"transfer.file-missing", "list of parts missing", path,
                             "expected " + parts_text(offer.parts), Layer::structure};
    }
    PartList list;
    try {
        list = read_part_list(File::open_regular(path), offer.parts, part_form(offer));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        return TransferFault{"transfer.part-list-malformed", "not a list of the parts", path,
                             error.message(), Layer::structure};
    }
    if (to_hex(list.text_sha256) != offer.parts_sha256) {
        return TransferFault{"transfer.part-list-mismatch", "list of parts was changed", path,
                             "expected the digest in the offer"};
    }
    if (!list.parts) {
        return TransferFault{"transfer.part-list-malformed", "not a list of the parts", path,
                             "expected " + parts_text(offer.parts) + " in order", Layer::structure};
    }
    return PartReader(std::move(folder), offer, std::move(*list.parts));
}

std::variant<Bytes, TransferFault> PartReader::read(std::uint64_t number) const {
    const std::size_t max_bytes = part_file_bytes(plain_bytes(number), part_form(*offer_));
    std::optional<Bytes> part;
    try {
        part = read_bounded(path(number), max_bytes);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        return TransferFault{"transfer.part-mismatch", "not a part", path(number), error.message()};
    }
    if (!part) {
        return TransferFault{"transfer.part-missing", "part missing", path(number),
                             "expected " + parts_text(offer_->parts), Layer::structure};
    }
    const Sha256 digest = sha256(*part);
    if (digest == list_[number - 1]) return std::move(*part);
    return explain(number, *part, digest);
}

fs::path PartReader::path(std::uint64_t number) const {
    return folder_ / part_name(number, part_form(*offer_));
}

std::uint64_t PartReader::plain_bytes(std::uint64_t number) const {
    return bytes_in_part(number, offer_->package.size_bytes, offer_->part_size_bytes);
}

TransferFault PartReader::explain(std::uint64_t number, ByteView part, const Sha256& digest) const {
    const auto other = std::find(list_.begin(), list_.end(), digest);
    if (other != list_.end()) {
        const auto place = static_cast<std::uint64_t>(other - list_.begin()) + 1;
        return {"transfer.part-swapped", "parts swapped", path(number),
                "it holds " + part_name(place, part_form(*offer_))};
    }
    if (offer_->is_encrypted() && !names_transfer(part, offer_->transfer)) {
        return {"transfer.part-foreign", "part of another transfer", path(number),
                "expected transfer " + offer_->transfer};
    }
    return {"transfer.part-mismatch", "part damaged", path(number),
            "expected the digest in parts.txt"};
}

std::variant<Bytes, TransferFault> read_key_file(const fs::path& folder, const Offer& offer) {
    const fs::path path = folder / key_file_name;
    const std::size_t max_bytes = envelope_overhead_bytes(offer.recipients.size()) + kib;
    std::optional<Bytes> bytes = read_bounded(path, max_bytes);
    if (!bytes) {
        return TransferFault{"transfer.file-missing", "transfer key missing", path,
                             "expected the key for the parts", Layer::structure};
    }
    if (sha256_hex(as_text(*bytes)) != offer.key_sha256) {
        return TransferFault{"transfer.key-mismatch", "transfer key was changed", path,
                             "expected the digest in the offer"};
    }
    return std::move(*bytes);
}

}  // namespace evidence
