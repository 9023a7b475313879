// Canonical JSON: the only form in which our documents are hashed, signed and stored.
//
// Canonical means: strict UTF-8 without byte order mark, object keys sorted by bytes and unique,
// no white space, the string escapes of RFC 8785 section 3.2.2.2, integers of magnitude below
// 2^53, no fractions. Parsing checks all of that while it reads, with bounded size and depth, and
// so accepts exactly one spelling of each value: encode(parse_canonical(text)) == text.
//
// Thread rule: values are plain data; share them read-only or not at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace evidence {

class Json {
public:
    using Member = std::pair<std::string, Json>;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;  // sorted by key, unique

    Json() = default;  // null
    Json(bool value) : value_(value) {}
    Json(int value) : value_(std::int64_t{value}) {}
    Json(std::int64_t value) : value_(value) {}
    Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
    Json(const char* value) : value_(std::string(value)) {}
    Json(std::string value) : value_(std::move(value)) {}
    Json(std::string_view value) : value_(std::string(value)) {}
    Json(Array value) : value_(std::move(value)) {}

    // An object from members in any order; `{}` as an empty object is Json::object({}).
    static Json object(std::initializer_list<Member> members);
    static Json array() { return Json(Array{}); }

    bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    bool is_bool() const { return std::holds_alternative<bool>(value_); }
    bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
    bool is_string() const { return std::holds_alternative<std::string>(value_); }
    bool is_array() const { return std::holds_alternative<Array>(value_); }
    bool is_object() const { return std::holds_alternative<Object>(value_); }

    // Access with the type expected; throws Error(malformed) naming what was expected otherwise.
    bool boolean() const;
    std::int64_t integer() const;
    std::uint64_t size() const;  // an integer >= 0
    const std::string& string() const;
    const Array& items() const;
    const Object& members() const;

    // The member, or nullptr when this is no object or has no such member.
    const Json* find(std::string_view key) const;
    // The member; throws Error(malformed) naming the key when it is missing.
    const Json& at(std::string_view key) const;
    // The string member, or `otherwise` when it is absent (a member of another type throws).
    std::string text_or(std::string_view key, std::string_view otherwise) const;

    // Adds or replaces a member; a null Json becomes an object first.
    void set(std::string_view key, Json value);
    void push_back(Json value);  // a null Json becomes an array first

    bool operator==(const Json& other) const { return value_ == other.value_; }

private:
    friend class JsonReader;
    friend void append_canonical(std::string& out, const Json& value);
    std::variant<std::monostate, bool, std::int64_t, std::string, Array, Object> value_;
};

inline constexpr std::size_t json_max_depth = 16;
inline constexpr std::size_t json_max_line_bytes = 1024 * 1024;           // one line of JSON Lines
inline constexpr std::size_t json_max_document_bytes = 16 * 1024 * 1024;  // one document
// Values in one document, members and items counted alike: many times what any document of ours
// has, and a document of nothing but "[[],[],.." cannot take many times its size in memory.
inline constexpr std::size_t json_max_values = 64 * 1024;
inline constexpr std::int64_t json_max_integer = (std::int64_t{1} << 53) - 1;

// The canonical bytes, without a final newline. Precondition: strings hold valid UTF-8 (names from
// evidence that do not go into *_bytes members as hex); otherwise Error(malformed).
std::string canonical(const Json& value);
void append_canonical(std::string& out, const Json& value);
void append_canonical_string(std::string& out, std::string_view text);

// Sets `key` when `bytes` are valid UTF-8, else `key`_bytes in hex: names are never normalised.
void set_text_or_bytes(Json& object, std::string_view key, std::string_view bytes);

// Exactly one canonical value and nothing else. Error(malformed) says what was wrong and at which
// byte offset; `where` (a path, entry or line) is quoted in it.
Json parse_canonical(std::string_view text, std::string_view where);

// A document: one canonical value and one newline.
Json parse_canonical_document(std::string_view text, std::string_view where);

// What people write by hand (request.json): white space and any key order are allowed; duplicate
// keys, fractions, bad UTF-8, depth and size are refused as above. canonical() of it is signed.
Json parse_relaxed(std::string_view text, std::string_view where);

}  // namespace evidence
