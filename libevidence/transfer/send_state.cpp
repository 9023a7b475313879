#include "transfer/send_state.h"

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/json.h"
#include "transfer/document_reader.h"
#include "transfer/statement.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

constexpr std::string_view format = "evidence-sending/1";
constexpr std::size_t max_bytes = 64 * kib;

struct Remembered {
    SendPlan plan;
    TransferKey key;
};

std::string format_state(const Remembered& state) {
    Json recipients = Json::array();
    for (const std::string& recipient : state.plan.recipients) recipients.push_back(recipient);
    return canonical(Json::object({
               {"destination_bytes", to_hex(as_bytes(state.plan.destination.native()))},
               {"encrypted", state.plan.form == PartForm::encrypted},
               {"format", format},
               {"key", to_hex(state.key.secret())},
               {"manifest_sha256", state.plan.manifest_sha256},
               {"part_size_bytes", state.plan.part_size_bytes},
               {"recipients", recipients},
               {"transfer", state.key.transfer()},
           })) +
           "\n";
}

bool is_hex_bytes(std::string_view text) { return from_hex(text).has_value(); }

Remembered read_state(const fs::path& path) {
    const Json json = parse_canonical_document(read_small_file(path, max_bytes), path.native());
    const DocumentReader reader(json, path.native());
    reader.require_format(format);
    reader.require_members({"destination_bytes", "encrypted", "format", "key", "manifest_sha256",
                            "part_size_bytes", "recipients", "transfer"});
    const std::optional<Bytes> secret_bytes = from_hex(reader.digest("key"));
    EnvelopeSecret secret;
    std::copy(secret_bytes->begin(), secret_bytes->end(), secret.begin());
    SendPlan plan;
    const std::optional<Bytes> destination =
        from_hex(reader.text("destination_bytes", is_hex_bytes, "hex digits"));
    plan.destination = as_text(*destination);
    plan.form = reader.boolean("encrypted") ? PartForm::encrypted : PartForm::clear;
    plan.manifest_sha256 = reader.digest("manifest_sha256");
    plan.part_size_bytes = reader.size("part_size_bytes");
    plan.recipients = reader.list("recipients", transfer_max_recipients, is_sha256_hex);
    return {std::move(plan), TransferKey(reader.text("transfer", is_uuid, "a UUID"), secret)};
}

// Every state file of a case.
std::vector<fs::path> states_of(const CaseFolder& case_folder) {
    std::vector<fs::path> paths;
    const fs::path transfers = case_folder.folder() / "transfers";
    if (!is_folder(transfers)) return paths;
    visit_folder(transfers, [&paths](const fs::path& entry) {
        const fs::path path = entry / send_state_file_name;
        if (path_exists(path)) paths.push_back(path);
    });
    std::sort(paths.begin(), paths.end());
    return paths;
}

fs::path state_beside(const fs::path& package) {
    fs::path path = package;
    path += ".sending";
    return path;
}

File lock(const fs::path& path) {
    File file = File::open_read(path);
    if (::flock(file.fd(), LOCK_EX | LOCK_NB) == 0) return file;
    if (errno != EWOULDBLOCK) throw_errno("cannot lock", path.native());
    throw Error(ErrorKind::exists,
                "this send is running already: " + path.native() + " (expected it to be free)");
}

}  // namespace

SendState::SendState(fs::path path, TransferKey key, bool is_resumed)
    : path_(std::move(path)), lock_(lock(path_)), key_(std::move(key)), is_resumed_(is_resumed) {}

SendState SendState::open(const SendPlan& plan, const fs::path& package,
                          const CaseFolder* case_folder, const Context& context) {
    std::vector<fs::path> candidates;
    if (case_folder) {
        candidates = states_of(*case_folder);
    } else if (path_exists(state_beside(package))) {
        candidates = {state_beside(package)};
    }
    for (const fs::path& path : candidates) {
        Remembered state = read_state(path);
        if (state.plan == plan) return {path, std::move(state.key), true};
        if (case_folder) continue;
        throw Error(ErrorKind::exists,
                    "another send of this package is unfinished: " + path.native() +
                        " (expected the same destination, recipients and part size)",
                    "finish it with its own command line, or remove that file to give it up");
    }
    TransferKey key = TransferKey::create(random_uuid(context.random), context.random);
    fs::path path = state_beside(package);
    if (case_folder) {
        create_folders(case_folder->transfer_folder(key.transfer()));
        path = case_folder->transfer_folder(key.transfer()) / send_state_file_name;
    }
    write_new_file(path, as_bytes(format_state({plan, key})));
    return {std::move(path), std::move(key), false};
}

void SendState::forget() {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
        throw_errno("cannot remove", path_.native());
    }
    sync_folder(path_.parent_path());
}

}  // namespace evidence
