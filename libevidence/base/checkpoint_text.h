// The three-line note that fixes a list at one size: a ledger checkpoint or the checkpoint of an
// item tree (the shape of C2SP tlog-checkpoint without its signature lines).
//
//     evidence-ledger/1/38ecba424a7f342a58dd6ce580752df8
//     5
//     mUqho/ZYU3MYFuFV0mkJ8dmRr93KBvhkaKyfMyXOkOw=
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace evidence {

struct CheckpointText {
    std::string origin;                   // "evidence-ledger/1/<ledger id>"
    std::uint64_t size = 0;               // entries in the list
    std::array<std::uint8_t, 32> hash{};  // link or root

    bool operator==(const CheckpointText&) const = default;
};

std::string format_checkpoint(const CheckpointText& checkpoint);

// Strict: exactly what format_checkpoint writes, else Error(malformed) quoting `where`.
CheckpointText parse_checkpoint(std::string_view text, std::string_view where);

}  // namespace evidence
