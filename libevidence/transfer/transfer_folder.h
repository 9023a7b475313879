// A transfer on disk: one folder, named by the transfer's id, that can be carried or copied.
//
//     offer.json  offer.p7s                     the sender's statement
//     key.p7m                                   the transfer key, encrypted to every recipient
//     parts.txt  part-000001.p7m ...            the package in parts
//     offer.tst                                 perhaps: a time-stamp over offer.p7s, also of the
//                                               other statements
//     receipt.json  receipt.p7s                 the recipient's answer (or refusal.*)
//     close.json  close.p7s                     the sender's acknowledgement
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"
#include "transfer/statement.h"

namespace evidence {

inline constexpr std::string_view key_file_name = "key.p7m";
inline constexpr std::string_view part_list_file_name = "parts.txt";
// Only in CASE/transfers/<id>, and only until the transfer is complete (send_state.h).
inline constexpr std::string_view send_state_file_name = "sending.json";

std::string document_name(StatementKind kind);    // "offer.json"
std::string signature_name(StatementKind kind);   // "offer.p7s"
std::string time_stamp_name(StatementKind kind);  // "offer.tst"

// Every name that may stand in a transfer folder but those of parts.
bool is_transfer_file_name(std::string_view name);

// Where a transfer grows until it is complete: beside its final name, hidden from lists.
fs::path unfinished_folder(const fs::path& destination, std::string_view transfer);
bool is_unfinished_folder(const fs::path& folder);

// Error(not_found) when there is nothing, Error(malformed) when it holds no offer.
void require_transfer_folder(const fs::path& folder);

}  // namespace evidence
