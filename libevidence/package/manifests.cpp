#include "package/manifests.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/base64.h"
#include "base/error.h"
#include "base/hex.h"

namespace evidence {
namespace {

// A time-stamp announced as "application/pkcs7-signature" would be taken for a signature by EU DSS.
std::string_view signature_mimetype(std::string_view signature_name) {
    return signature_name.ends_with(".tst") ? "application/vnd.etsi.timestamp-token"
                                            : "application/pkcs7-signature";
}

}  // namespace

std::string bag_manifest_line(std::string_view name, const Sha256& sha256) {
    return fmt::format("{}  {}\n", to_hex(sha256), name);
}

std::string bag_manifest(const std::vector<ListedFile>& files) {
    std::string text;
    for (const ListedFile& file : files) text += bag_manifest_line(file.name, file.sha256);
    return text;
}

std::string asic_manifest_head(std::string_view signature_name) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\""
        " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
        "<asic:SigReference URI=\"{}\" MimeType=\"{}\"/>\n",
        signature_name, signature_mimetype(signature_name));
}

std::string asic_manifest_line(std::string_view name, const Sha256& sha256) {
    return asic_manifest_line(name, Algorithm::sha256, sha256);
}

std::string asic_manifest_line(std::string_view name, Algorithm algorithm, ByteView digest) {
    return fmt::format(
        "<asic:DataObjectReference URI=\"{}\"><ds:DigestMethod Algorithm=\"{}\"/>"
        "<ds:DigestValue>{}</ds:DigestValue></asic:DataObjectReference>\n",
        name, digest_method(algorithm), to_base64(digest));
}

std::string_view digest_method(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::sha256:
            return "http://www.w3.org/2001/04/xmlenc#sha256";
        case Algorithm::sha384:
            return "http://www.w3.org/2001/04/xmldsig-more#sha384";
        case Algorithm::sha512:
            return "http://www.w3.org/2001/04/xmlenc#sha512";
        default:
            throw Error(ErrorKind::usage,
                        "no digest for manifests: " + std::string(name_of(algorithm)) +
                            " (expected sha256, sha384 or sha512)");
    }
}

std::string asic_manifest(std::string_view signature_name, const std::vector<ListedFile>& files) {
    std::string text = asic_manifest_head(signature_name);
    for (const ListedFile& file : files) text += asic_manifest_line(file.name, file.sha256);
    text += asic_manifest_tail;
    return text;
}

std::string bag_info_txt(const BagInfo& info) {
    std::string text;
    // A label without a value says nothing, and an officer's line break must not become a label.
    const auto add = [&text](std::string_view label, std::string_view value) {
        if (value.empty()) return;
        text += label;
        text += ": ";
        for (const char c : value) text += c == '\n' || c == '\r' ? ' ' : c;
        text += '\n';
    };
    add("Bag-Software-Agent", info.software_agent);
    add("Bagging-Date", info.bagging_date);
    add("External-Identifier", info.external_identifier);
    add("Internal-Sender-Identifier", info.internal_sender_identifier);
    add("Payload-Oxum", fmt::format("{}.{}", info.payload_bytes, info.payload_files));
    add("Source-Organization", info.source_organization);
    return text;
}

std::string bag_info_value(std::string_view bag_info, std::string_view label) {
    std::optional<std::string> value;
    std::size_t start = 0;
    while (start < bag_info.size()) {
        const std::size_t end = std::min(bag_info.find('\n', start), bag_info.size());
        std::string_view line = bag_info.substr(start, end - start);
        start = end + 1;
        if (line.ends_with('\r')) line.remove_suffix(1);
        const bool is_folded = line.starts_with(' ') || line.starts_with('\t');
        if (value && !is_folded) return *value;
        if (is_folded) {
            if (!value) continue;
            line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
            *value += ' ';
            *value += line;
            continue;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || line.substr(0, colon) != label) continue;
        line.remove_prefix(colon + 1);
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        value = line;
    }
    return value.value_or("");
}

}  // namespace evidence
