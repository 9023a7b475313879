// Where a transfer stands, as its statements say and the folder shows.
#pragma once

#include <optional>
#include <string>

#include "base/file.h"
#include "base/json.h"
#include "transfer/statement.h"

namespace evidence {

enum class TransferStage { offered, received, refused, closed };
std::string_view name_of(TransferStage stage);

struct TransferStatus {
    Offer offer;
    std::optional<Answer> answer;
    std::optional<Close> close;
    std::uint64_t parts_present = 0;  // part files in the folder; not whether they are right
    std::uint64_t bytes_present = 0;

    TransferStage stage() const;
};

// Error(refused) when a signature does not hold or statements do not belong together: then there is
// no standing to tell. Whose signatures they are, and the parts, is for check_transfer.
TransferStatus read_transfer_status(const fs::path& folder);

// Lines for people, and a document for programs (schemas/transfer-status.schema.json).
std::string status_text(const TransferStatus& status);
Json status_json(const TransferStatus& status);

}  // namespace evidence
