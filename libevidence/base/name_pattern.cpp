#include "base/name_pattern.h"

#include <algorithm>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::string_view special_bytes = "*?[\\";

unsigned char index_of(char byte) { return static_cast<unsigned char>(byte); }

std::bitset<256> all_but_slash() {
    std::bitset<256> bytes;
    bytes.set();
    bytes.reset(index_of('/'));
    return bytes;
}

[[noreturn]] void refuse(const std::string& pattern, const char* expected) {
    throw Error(ErrorKind::usage, "unusable pattern: " + pattern + " (expected " + expected + ")");
}

void require_real_parts(std::string_view pattern, const std::string& text) {
    for (std::size_t start = 0; start <= pattern.size();) {
        const std::size_t end = std::min(pattern.find('/', start), pattern.size());
        const std::string_view part = pattern.substr(start, end - start);
        if (part.empty() || part == "." || part == "..") refuse(text, "no part empty, . or ..");
        start = end + 1;
    }
}

// "a/b/" of "a/b/*.txt": the folders that any match lies in.
std::string_view folders_before_specials(std::string_view pattern) {
    const std::string_view literal = pattern.substr(0, pattern.find_first_of(special_bytes));
    return literal.substr(0, literal.rfind('/') + 1);
}

}  // namespace

NamePattern::NamePattern(std::string text) : text_(std::move(text)) {
    if (text_.size() > name_pattern_max_bytes) refuse(text_.substr(0, 64), "at most 4096 bytes");
    std::string_view pattern = text_;
    is_for_paths_ = pattern.find('/') < pattern.size() - (pattern.ends_with('/') ? 1 : 0);
    if (pattern.starts_with('/')) pattern.remove_prefix(1);
    if (pattern.ends_with('/')) pattern.remove_suffix(1);
    require_real_parts(pattern, text_);
    is_literal_ = pattern.find_first_of(special_bytes) == std::string_view::npos;
    if (is_for_paths_) literal_start_ = is_literal_ ? pattern : folders_before_specials(pattern);
    compile(pattern);
}

void NamePattern::add_literal(char byte) {
    Token token{Token::Kind::one_of, {}};
    token.bytes.set(index_of(byte));
    tokens_.push_back(token);
}

void NamePattern::compile(std::string_view pattern) {
    std::size_t at = 0;
    while (at < pattern.size()) {
        const char byte = pattern[at++];
        if (byte == '?') {
            tokens_.push_back({Token::Kind::one_of, all_but_slash()});
        } else if (byte == '[') {
            at = compile_class(pattern, at);
        } else if (byte == '\\') {
            if (at == pattern.size()) refuse(text_, "a byte after \\");
            add_literal(pattern[at++]);
        } else if (byte != '*') {
            add_literal(byte);
        } else if (at == pattern.size() || pattern[at] != '*') {
            tokens_.push_back({Token::Kind::run, {}});
        } else {
            const bool starts_part = at == 1 || pattern[at - 2] == '/';
            ++at;
            const bool is_whole_part = starts_part && at < pattern.size() && pattern[at] == '/';
            if (is_whole_part) tokens_.push_back({Token::Kind::any_folders, {}});
            tokens_.push_back({Token::Kind::run_with_slash, {}});
            if (is_whole_part) add_literal(pattern[at++]);
        }
    }
}

std::size_t NamePattern::compile_class(std::string_view pattern, std::size_t at) {
    std::bitset<256> bytes;
    const bool is_negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
    if (is_negated) ++at;
    const std::size_t first = at;
    for (;;) {
        if (at >= pattern.size()) refuse(text_, "a ] for every [");
        if (pattern[at] == ']' && at > first) break;
        const unsigned from = index_of(pattern[at]);
        unsigned to = from;
        if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
            to = index_of(pattern[at + 2]);
            at += 2;
        }
        if (to < from) refuse(text_, "ranges in ascending order");
        for (unsigned byte = from; byte <= to; ++byte) bytes.set(byte);
        ++at;
    }
    if (is_negated) bytes.flip();
    bytes.reset(index_of('/'));
    tokens_.push_back({Token::Kind::one_of, bytes});
    return at + 1;
}

// A state is a place between tokens. From one before something that may be nothing the place behind
// it is reached without a byte.
void NamePattern::move_without_byte(States& states) const {
    constexpr std::size_t after_folders = 3;  // itself, the run and its slash
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        if (!states[i] || tokens_[i].kind == Token::Kind::one_of) continue;
        states[i + 1] = 1;
        if (tokens_[i].kind == Token::Kind::any_folders) states[i + after_folders] = 1;
    }
}

// All states at once, byte by byte: the time is bounded by pattern times path whatever they are.
bool NamePattern::matches(std::string_view path) const {
    if (!is_for_paths_) path = path.substr(path.rfind('/') + 1);
    States states(tokens_.size() + 1), next(tokens_.size() + 1);
    states[0] = 1;
    move_without_byte(states);
    for (const char byte : path) {
        std::fill(next.begin(), next.end(), 0);
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (!states[i]) continue;
            const Token& token = tokens_[i];
            if (token.kind == Token::Kind::one_of && token.bytes.test(index_of(byte))) {
                next[i + 1] = 1;
            } else if (token.kind == Token::Kind::run_with_slash ||
                       (token.kind == Token::Kind::run && byte != '/')) {
                next[i] = 1;
            }
        }
        move_without_byte(next);
        states.swap(next);
    }
    return states[tokens_.size()] != 0;
}

bool NamePattern::can_match_below(std::string_view folder) const {
    if (!is_for_paths_) return true;
    const std::string inside = std::string(folder) + "/";
    if (is_literal_) return literal_start_.starts_with(inside);
    return inside.starts_with(literal_start_) || literal_start_.starts_with(inside);
}

}  // namespace evidence
