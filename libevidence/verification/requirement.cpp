#include "verification/requirement.h"

#include <array>
#include <charconv>
#include <string>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::array all = {Requirement::timestamp, Requirement::outside_head,
                            Requirement::signed_events, Requirement::complete_acquisition};
constexpr std::string_view signers_prefix = "signers=";

[[noreturn]] void refuse(std::string_view text) {
    std::string message = "no such requirement: " + std::string(text) + " (expected ";
    for (Requirement requirement : all) message.append(name_of(requirement)).append(", ");
    throw Error(ErrorKind::usage,
                message + "signers=1 to " + std::to_string(max_required_signers) + ")");
}

unsigned parse_signers(std::string_view text) {
    const std::string_view digits = text.substr(signers_prefix.size());
    unsigned count = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), count);
    if (error != std::errc() || end != digits.end() || count == 0 || count > max_required_signers) {
        refuse(text);
    }
    return count;
}

}  // namespace

std::string_view name_of(Requirement requirement) {
    switch (requirement) {
        case Requirement::timestamp:
            return "timestamp";
        case Requirement::outside_head:
            return "outside-head";
        case Requirement::signed_events:
            return "signed-events";
        case Requirement::complete_acquisition:
            return "complete-acquisition";
    }
    return "";
}

void Requirements::add(std::string_view text) {
    if (text.starts_with(signers_prefix)) {
        signers = std::max(signers, parse_signers(text));
        return;
    }
    for (Requirement requirement : all) {
        if (name_of(requirement) != text) continue;
        names.insert(requirement);
        return;
    }
    refuse(text);
}

}  // namespace evidence
