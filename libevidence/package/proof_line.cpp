#include "package/proof_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "digest/merkle_tree.h"
#include "package/document_members.h"
#include "package/record.h"

namespace evidence {
namespace {

Sha256 path_hash(const Json& json, std::string_view where) {
    const std::string& text = json.string();
    if (!is_hex(text, 64)) fail_member(where, "path", "digests in hexadecimal");
    const Bytes bytes = from_hex(text).value();
    Sha256 hash;
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

std::string path_text(const std::vector<Sha256>& path) {
    std::string text;
    for (const Sha256& hash : path) {
        text += fmt::format("{}\"{}\"", text.empty() ? "" : ",", to_hex(hash));
    }
    return text;
}

}  // namespace

std::string format_proof_line(const ProofLine& line) {
    // Written straight in canonical order; the record is canonical already.
    const std::string path = path_text(line.proof.path);
    if (line.record_bytes.empty()) {
        return fmt::format("{{\"index\":{},\"leaf\":\"{}\",\"path\":[{}]}}\n", line.proof.index,
                           to_hex(line.leaf), path);
    }
    return fmt::format("{{\"index\":{},\"path\":[{}],\"record\":{}}}\n", line.proof.index, path,
                       line.record_bytes);
}

ProofLine parse_proof_line(std::string_view text, std::string_view where) try {
    const Json json = parse_canonical(text, where);
    ProofLine line;
    const Json* record = json.find("record");
    require_members(json, {"index", "path", record ? "record" : "leaf"}, {}, where);
    line.proof.index = json.at("index").size();
    const Json::Array& path = json.at("path").items();
    if (path.size() > max_path_length) fail_member(where, "path", "at most 53 digests");
    for (const Json& hash : path) line.proof.path.push_back(path_hash(hash, where));
    if (!record) {
        line.leaf = sha256_member(json, "leaf", where);
        return line;
    }
    check_record(*record, where, PackageKind::disclosure);
    // The line is canonical and "record" its last member.
    const std::size_t before =
        fmt::format("{{\"index\":{},\"path\":[{}],\"record\":", line.proof.index,
                    path_text(line.proof.path))
            .size();
    line.record_bytes = text.substr(before, text.size() - before - 1);
    line.leaf = merkle_leaf(as_bytes(line.record_bytes));
    return line;
} catch (const Error& error) {
    if (error.message().find(where) != std::string::npos) throw;
    throw Error(ErrorKind::malformed,
                "wrong proof: " + std::string(where) + ": " + error.message());
}

}  // namespace evidence
