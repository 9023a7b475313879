#include "acquisition/expectation.h"

#include "base/hex.h"

namespace evidence {
namespace {

constexpr const char* keep_hint = "--keep-mismatch keeps what was read, marked as such";

std::string bytes_mismatch(std::uint64_t expected, const std::string& found) {
    return "expected " + std::to_string(expected) + " bytes, found " + found;
}

}  // namespace

void check_expectation_form(const Expectation& expected) {
    if (!expected.sha256.empty() && !is_hex(expected.sha256, 64)) {
        throw Error(ErrorKind::usage,
                    "not a SHA-256: " + expected.sha256 + " (expected 64 hex digits)");
    }
}

void check_expectation(const Expectation& expected, const Source& source) {
    if (expected.empty()) {
        if (expected.on_mismatch == OnMismatch::fail) return;
        throw Error(ErrorKind::usage,
                    "nothing to compare with (expected --expect-size or --expect-sha256 with "
                    "--keep-mismatch)");
    }
    if (source.kind == ItemKind::tree) {
        throw Error(ErrorKind::usage, "size and digest of a folder's tar cannot be known before: " +
                                          source.path + " (expected a device, a file or a stream)");
    }
    if (!expected.size_bytes || !source.size_bytes || *expected.size_bytes == *source.size_bytes) {
        return;
    }
    throw Error(ErrorKind::io,
                "source has another size: " + source.path + " (" +
                    bytes_mismatch(*expected.size_bytes, std::to_string(*source.size_bytes)) + ")",
                "is it the right one? nothing was read");
}

void check_not_longer(const Expectation& expected, std::uint64_t read_bytes, const Source& source) {
    if (expected.on_mismatch == OnMismatch::keep || !expected.size_bytes ||
        read_bytes <= *expected.size_bytes) {
        return;
    }
    throw unexpected_object(source, bytes_mismatch(*expected.size_bytes, "more"));
}

std::string mismatch(const Expectation& expected, std::uint64_t size_bytes,
                     const std::string& sha256) {
    std::string text;
    if (expected.size_bytes && *expected.size_bytes != size_bytes) {
        text = bytes_mismatch(*expected.size_bytes, std::to_string(size_bytes));
    }
    if (!expected.sha256.empty() && expected.sha256 != sha256) {
        text += (text.empty() ? "expected sha256 " : "; expected sha256 ") + expected.sha256 +
                ", found " + sha256;
    }
    return text;
}

Json to_json(const Expectation& expected, bool is_met) {
    Json json = Json::object({{"met", is_met}});
    if (!expected.sha256.empty()) json.set("sha256", expected.sha256);
    if (expected.size_bytes) json.set("size_bytes", *expected.size_bytes);
    return json;
}

Error unexpected_object(const Source& source, const std::string& mismatch) {
    return {ErrorKind::io,
            "not what was expected: " +
                (source.kind == ItemKind::stream ? "standard input" : source.path) + " (" +
                mismatch + ")",
            keep_hint};
}

}  // namespace evidence
