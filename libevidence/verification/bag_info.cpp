#include "verification/bag_info.h"

#include <charconv>

#include "verification/bag_manifest.h"

namespace evidence {
namespace {

constexpr std::string_view white_space = " \t";

std::string_view trimmed(std::string_view text) {
    const std::size_t start = text.find_first_not_of(white_space);
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(white_space) - start + 1);
}

// What is wrong with the white space of "LABEL: VALUE"; BagIt 1.0 fixed it.
std::string_view spacing_fault(std::string_view label, std::string_view value) {
    if (trimmed(label) != label) return "white space around the label";
    if (value.empty() || white_space.find(value.front()) != std::string_view::npos) return {};
    return "no white space behind the colon";
}

std::optional<std::uint64_t> parse_count(std::string_view digits) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

// The element being read; its value may go on in the next line.
class Element {
public:
    explicit Element(const BagInfoSink& sink) : sink_(sink) {}

    void start(std::string_view label, std::string_view value) {
        finish();
        label_ = label;
        value_ = value.substr(0, bag_info_value_max_bytes);
        is_open_ = true;
    }
    bool go_on(std::string_view more) {
        if (!is_open_) return false;
        if (value_.size() + more.size() < bag_info_value_max_bytes) {
            if (!value_.empty()) value_ += ' ';
            value_ += more;
        }
        return true;
    }
    void finish() {
        if (is_open_) sink_(label_, value_);
        is_open_ = false;
    }

private:
    const BagInfoSink& sink_;
    std::string label_, value_;
    bool is_open_ = false;
};

}  // namespace

void read_bag_info(TagLines& lines, std::string_view name, BagVersion version, Findings& findings,
                   const BagInfoSink& sink) {
    const auto fail = [&](std::string message) {
        findings.add("bag.malformed-tag-file", Layer::structure, Weight::failed, std::move(message),
                     std::string(name) + ":" + std::to_string(lines.line_number()));
    };
    Element element(sink);
    while (const auto line = lines.next()) {
        if (is_blank_line(*line)) continue;
        if (white_space.find(line->front()) != std::string_view::npos) {
            if (!element.go_on(trimmed(*line))) fail("a continued line that continues nothing");
            continue;
        }
        const std::size_t colon = line->find(':');
        if (colon == std::string_view::npos || trimmed(line->substr(0, colon)).empty()) {
            fail("not an element (expected a label, a colon and a value)");
            continue;
        }
        const std::string_view label = line->substr(0, colon), value = line->substr(colon + 1);
        const std::string_view fault = spacing_fault(label, value);
        if (version.is_strict() && !fault.empty()) fail(std::string(fault));
        element.start(trimmed(label), trimmed(value));
    }
    element.finish();
}

std::optional<PayloadOxum> parse_oxum(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    const auto octets = parse_count(text.substr(0, point));
    const auto streams = parse_count(text.substr(point + 1));
    if (!octets || !streams) return std::nullopt;
    return PayloadOxum{*octets, *streams};
}

bool is_oxum_label(std::string_view label) {
    constexpr std::string_view wanted = "payload-oxum";
    if (label.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const char c = label[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != wanted[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace evidence
