#include "base/json.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::size_t max_quoted_bytes = 64;  // of a text that cannot be written

[[noreturn]] void wrong_type(std::string_view expected) {
    throw Error(ErrorKind::malformed,
                "JSON value of another type (expected " + std::string(expected) + ")");
}

auto member_position(const Json::Object& members, std::string_view key) {
    return std::lower_bound(
        members.begin(), members.end(), key,
        [](const Json::Member& member, std::string_view wanted) { return member.first < wanted; });
}

}  // namespace

Json Json::object(std::initializer_list<Member> members) {
    Json value;
    value.value_ = Object{};
    for (const Member& member : members) value.set(member.first, member.second);
    return value;
}

bool Json::boolean() const {
    if (!is_bool()) wrong_type("true or false");
    return std::get<bool>(value_);
}

std::int64_t Json::integer() const {
    if (!is_integer()) wrong_type("an integer");
    return std::get<std::int64_t>(value_);
}

std::uint64_t Json::size() const {
    const std::int64_t value = integer();
    if (value < 0) wrong_type("an integer not below zero");
    return static_cast<std::uint64_t>(value);
}

const std::string& Json::string() const {
    if (!is_string()) wrong_type("a string");
    return std::get<std::string>(value_);
}

const Json::Array& Json::items() const {
    if (!is_array()) wrong_type("an array");
    return std::get<Array>(value_);
}

const Json::Object& Json::members() const {
    if (!is_object()) wrong_type("an object");
    return std::get<Object>(value_);
}

const Json* Json::find(std::string_view key) const {
    if (!is_object()) return nullptr;
    const Object& object = std::get<Object>(value_);
    const auto position = member_position(object, key);
    if (position == object.end() || position->first != key) return nullptr;
    return &position->second;
}

const Json& Json::at(std::string_view key) const {
    if (!is_object()) wrong_type("an object");
    if (const Json* member = find(key)) return *member;
    throw Error(ErrorKind::malformed, "JSON member missing: " + std::string(key));
}

std::string Json::text_or(std::string_view key, std::string_view otherwise) const {
    const Json* member = find(key);
    return member ? member->string() : std::string(otherwise);
}

void Json::set(std::string_view key, Json value) {
    if (is_null()) value_ = Object{};
    if (!is_object()) wrong_type("an object");
    Object& object = std::get<Object>(value_);
    const auto offset = member_position(object, key) - object.begin();
    const auto position = object.begin() + offset;
    if (position != object.end() && position->first == key) {
        position->second = std::move(value);
    } else {
        object.emplace(position, std::string(key), std::move(value));
    }
}

void Json::push_back(Json value) {
    if (is_null()) value_ = Array{};
    if (!is_array()) wrong_type("an array");
    std::get<Array>(value_).push_back(std::move(value));
}

namespace {

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// RFC 8785 section 3.2.2.2: the short form where there is one.
void append_escape(std::string& out, char c) {
    constexpr char hex_digits[] = "0123456789abcdef";
    constexpr std::string_view characters = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    if (const std::size_t known = characters.find(c); known != std::string_view::npos) {
        out.append({'\\', letters[known]});
    } else {
        out += "\\u00";
        out += hex_digits[static_cast<unsigned char>(c) >> 4];
        out += hex_digits[c & 15];
    }
}

}  // namespace

void append_canonical_string(std::string& out, std::string_view text) {
    if (!is_valid_utf8(text)) {
        throw Error(ErrorKind::malformed,
                    "text is not valid UTF-8: " + std::string(text.substr(0, max_quoted_bytes)) +
                        " (expected UTF-8)");
    }
    out += '"';
    while (!text.empty()) {
        const auto end = std::find_if(text.begin(), text.end(), needs_escape);
        const auto plain = static_cast<std::size_t>(end - text.begin());
        out.append(text, 0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        append_escape(out, text.front());
        text.remove_prefix(1);
    }
    out += '"';
}

void append_canonical(std::string& out, const Json& value) {
    // Recursion is bounded: values come from our own code or from a parser that limits the depth.
    if (value.is_null()) {
        out += "null";
    } else if (value.is_bool()) {
        out += value.boolean() ? "true" : "false";
    } else if (value.is_integer()) {
        if (value.integer() > json_max_integer || value.integer() < -json_max_integer) {
            throw Error(ErrorKind::malformed, "JSON integer too large (expected below 2^53)");
        }
        out += std::to_string(value.integer());
    } else if (value.is_string()) {
        append_canonical_string(out, value.string());
    } else if (value.is_array()) {
        char separator = '[';
        for (const Json& item : value.items()) {
            out += separator;
            append_canonical(out, item);
            separator = ',';
        }
        out += value.items().empty() ? "[]" : "]";
    } else {
        char separator = '{';
        for (const auto& [key, member] : value.members()) {
            out += separator;
            append_canonical_string(out, key);
            out += ':';
            append_canonical(out, member);
            separator = ',';
        }
        out += value.members().empty() ? "{}" : "}";
    }
}

std::string canonical(const Json& value) {
    std::string out;
    append_canonical(out, value);
    return out;
}

void set_text_or_bytes(Json& object, std::string_view key, std::string_view bytes) {
    if (is_valid_utf8(bytes)) {
        object.set(key, bytes);
    } else {
        object.set(std::string(key) + "_bytes", to_hex(as_bytes(bytes)));
    }
}

}  // namespace evidence
