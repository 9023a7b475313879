#include "transfer/transfer_folder.h"

#include "base/error.h"
#include "base/folder.h"

namespace evidence {
namespace {

constexpr std::string_view unfinished_suffix = ".partial";

}  // namespace

std::string document_name(StatementKind kind) { return std::string(name_of(kind)) + ".json"; }

std::string signature_name(StatementKind kind) { return std::string(name_of(kind)) + ".p7s"; }

std::string time_stamp_name(StatementKind kind) { return std::string(name_of(kind)) + ".tst"; }

bool is_transfer_file_name(std::string_view name) {
    for (StatementKind kind : all_statement_kinds) {
        if (name == document_name(kind) || name == signature_name(kind) ||
            name == time_stamp_name(kind)) {
            return true;
        }
    }
    return name == key_file_name || name == part_list_file_name;
}

fs::path unfinished_folder(const fs::path& destination, std::string_view transfer) {
    return destination / ("." + std::string(transfer) + std::string(unfinished_suffix));
}

bool is_unfinished_folder(const fs::path& folder) {
    const std::string name = folder.filename().native();
    return name.starts_with('.') && name.ends_with(unfinished_suffix);
}

void require_transfer_folder(const fs::path& folder) {
    if (!path_exists(folder)) {
        throw Error(ErrorKind::not_found,
                    "no such transfer: " + folder.native() + " (expected a folder)");
    }
    if (is_folder(folder) && path_exists(folder / document_name(StatementKind::offer))) {
        return;
    }
    throw Error(ErrorKind::malformed,
                "not a transfer folder: " + folder.native() + " (expected an offer.json in it)",
                is_unfinished_folder(folder) || path_exists(folder / send_state_file_name)
                    ? "it is still being written; its sender finishes it with the same command"
                    : "name the folder in the channel that bears the transfer's id");
}

}  // namespace evidence
