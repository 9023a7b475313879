#include "acquisition/pax_header.h"

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace evidence {
namespace {

constexpr long billion = 1'000'000'000;
constexpr std::size_t max_number_digits = 18;  // fits in 63 bits

[[noreturn]] void refuse(const std::string& what, std::string_view expected) {
    throw Error(ErrorKind::malformed, what + " (expected " + std::string(expected) + ")");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// All of `text` as a decimal number, without sign.
std::int64_t decimal(std::string_view text, std::string_view key) {
    if (text.empty() || text.size() > max_number_digits ||
        !std::all_of(text.begin(), text.end(), is_digit)) {
        refuse("wrong number for " + std::string(key), "decimal digits");
    }
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::int64_t signed_decimal(std::string_view text, std::string_view key) {
    if (text.starts_with('-')) return -decimal(text.substr(1), key);
    return decimal(text, key);
}

// "-1.5" is one and a half seconds before 1970; digits beyond nanoseconds are cut.
FileTime decimal_time(std::string_view text, std::string_view key) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto point = text.find('.');
    FileTime time{decimal(text.substr(0, point), key), 0};
    if (point != std::string_view::npos) {
        std::string fraction(text.substr(point + 1));
        if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) {
            refuse("wrong time for " + std::string(key), "a decimal fraction");
        }
        fraction.resize(9, '0');
        time.nanoseconds = static_cast<long>(decimal(fraction, key));
    }
    if (!negative) return time;
    if (time.nanoseconds == 0) return {-time.seconds, 0};
    return {-time.seconds - 1, billion - time.nanoseconds};
}

template <typename Value>
void set_once(std::optional<Value>& slot, Value value, std::string_view key) {
    if (slot) refuse("extended header repeats " + std::string(key), "each key once");
    slot = std::move(value);
}

void set_attribute(PaxAttributes& out, std::string_view key, std::string_view value) {
    if (key == "path") {
        set_once(out.path, std::string(value), key);
    } else if (key == "linkpath") {
        set_once(out.linkpath, std::string(value), key);
    } else if (key == "size") {
        set_once(out.size_bytes, static_cast<std::uint64_t>(decimal(value, key)), key);
    } else if (key == "uid") {
        set_once(out.uid, signed_decimal(value, key), key);
    } else if (key == "gid") {
        set_once(out.gid, signed_decimal(value, key), key);
    } else if (key == "mtime") {
        set_once(out.mtime, decimal_time(value, key), key);
    } else if (key == "atime") {
        set_once(out.atime, decimal_time(value, key), key);
    } else if (key == "ctime") {
        set_once(out.ctime, decimal_time(value, key), key);
    } else if (key == "LIBARCHIVE.creationtime") {
        set_once(out.btime, decimal_time(value, key), key);
    } else if (key.starts_with("GNU.sparse.") || key == "SCHILY.realsize") {
        refuse("sparse entry", "every byte in the tar");
    }
    // Others (extended attributes, owner names, hdrcharset) change neither content nor record.
}

void refuse_nul(std::string_view text, std::string_view what) {
    if (text.find('\0') != std::string_view::npos) {
        refuse("zero byte in " + std::string(what), "a path");
    }
}

}  // namespace

PaxAttributes parse_pax_attributes(std::string_view body) {
    PaxAttributes attributes;
    while (!body.empty()) {
        const auto space = body.find(' ');
        if (space == std::string_view::npos) refuse("broken extended header", "length and space");
        const auto length = static_cast<std::size_t>(decimal(body.substr(0, space), "length"));
        if (length > body.size() || length < space + 3 || body[length - 1] != '\n') {
            refuse("broken extended header", "a record of the length it says");
        }
        const std::string_view record = body.substr(space + 1, length - space - 2);
        const auto equals = record.find('=');
        if (equals == std::string_view::npos) refuse("broken extended header", "key=value");
        set_attribute(attributes, record.substr(0, equals), record.substr(equals + 1));
        body.remove_prefix(length);
    }
    return attributes;
}

UstarHeader::UstarHeader(std::string_view block) : block_(block) {
    using namespace std::string_view_literals;
    if (block_.substr(257, 8) != "ustar\00000"sv) {
        refuse("another kind of tar", "pax or plain ustar");
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < tar_block_bytes; ++i) {
        sum += i >= 148 && i < 156 ? std::uint64_t{' '} : static_cast<std::uint8_t>(block_[i]);
    }
    if (sum != number(148, 8, "checksum")) refuse("wrong header checksum", std::to_string(sum));
}

std::string_view UstarHeader::text(std::size_t offset, std::size_t size) const {
    const std::string_view field = block_.substr(offset, size);
    return field.substr(0, field.find('\0'));
}

// Octal digits, spaces before and spaces or zero bytes after; empty is 0.
std::uint64_t UstarHeader::number(std::size_t offset, std::size_t size,
                                  std::string_view what) const {
    std::string_view digits = text(offset, size);
    while (digits.starts_with(' ')) digits.remove_prefix(1);
    while (digits.ends_with(' ')) digits.remove_suffix(1);
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, value, 8);
    if (!digits.empty() && (result.ec != std::errc{} || result.ptr != end)) {
        refuse("wrong " + std::string(what) + " in a header", "octal digits");
    }
    return value;
}

std::string UstarHeader::name() const {
    const std::string_view prefix = text(345, 155);
    std::string name(text(0, 100));
    return prefix.empty() ? name : std::string(prefix) + "/" + name;
}

EntryType UstarHeader::type() const {
    switch (type_flag()) {
        case '0':
            return EntryType::file;
        case '1':
            return EntryType::hardlink;
        case '2':
            return EntryType::symlink;
        case '3':
        case '4':
            return EntryType::device;
        case '5':
            return EntryType::directory;
        case '6':
            return EntryType::fifo;
        default:
            refuse("unknown entry type", "file, link, folder, fifo or device");
    }
}

std::uint64_t UstarHeader::size_bytes(const PaxAttributes& attributes) const {
    return attributes.size_bytes ? *attributes.size_bytes : number(124, 12, "size");
}

EntryFacts UstarHeader::facts(const PaxAttributes& attributes) const {
    EntryFacts facts;
    facts.type = type();
    facts.name = attributes.path ? *attributes.path : name();
    refuse_nul(facts.name, "entry name");
    if (facts.type == EntryType::directory && facts.name.ends_with('/')) facts.name.pop_back();
    facts.target = attributes.linkpath ? *attributes.linkpath : std::string(text(157, 100));
    refuse_nul(facts.target, "link target");
    const std::uint64_t mode = number(100, 8, "mode");
    if (mode > 07777) refuse("wrong mode in a header", "at most 07777");
    facts.mode = static_cast<unsigned>(mode);
    facts.uid =
        attributes.uid ? *attributes.uid : static_cast<std::int64_t>(number(108, 8, "user id"));
    facts.gid =
        attributes.gid ? *attributes.gid : static_cast<std::int64_t>(number(116, 8, "group id"));
    facts.mtime = attributes.mtime;
    if (!facts.mtime) {
        facts.mtime = FileTime{static_cast<std::int64_t>(number(136, 12, "time")), 0};
    }
    facts.atime = attributes.atime;
    facts.ctime = attributes.ctime;
    facts.btime = attributes.btime;
    return facts;
}

}  // namespace evidence
