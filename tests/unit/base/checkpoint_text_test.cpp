#include "base/checkpoint_text.h"

#include <doctest/doctest.h>

#include <limits>

#include "test_errors.h"

namespace evidence {
namespace {

const std::string example =
    "evidence-ledger/1/38ecba424a7f342a58dd6ce580752df8\n"
    "5\n"
    "mUqho/ZYU3MYFuFV0mkJ8dmRr93KBvhkaKyfMyXOkOw=\n";

}  // namespace

TEST_CASE("a checkpoint comes back from its text") {
    const CheckpointText checkpoint = parse_checkpoint(example, "here");
    CHECK(checkpoint.origin == "evidence-ledger/1/38ecba424a7f342a58dd6ce580752df8");
    CHECK(checkpoint.size == 5);
    CHECK(checkpoint.hash[0] == 0x99);
    CHECK(format_checkpoint(checkpoint) == example);

    CheckpointText largest = checkpoint;
    largest.size = std::numeric_limits<std::uint64_t>::max();
    CHECK(parse_checkpoint(format_checkpoint(largest), "") == largest);
    CheckpointText none = checkpoint;
    none.size = 0;
    CHECK(parse_checkpoint(format_checkpoint(none), "") == none);
}

TEST_CASE("a checkpoint in any other spelling is refused") {
    const auto changed = [](std::string_view from, std::string_view to) {
        std::string text = example;
        return text.replace(text.find(from), from.size(), to);
    };
    for (const std::string& text : {std::string(),
                                    std::string("\n"),
                                    std::string("\n\n\n"),
                                    example.substr(0, example.size() - 1),
                                    example + "\n",
                                    example + "x",

                                    changed("\n5\n", "\n05\n"),
                                    changed("\n5\n", "\n+5\n"),
                                    changed("\n5\n", "\n-5\n"),
                                    changed("\n5\n", "\n 5\n"),
                                    changed("\n5\n", "\n5 \n"),
                                    changed("\n5\n", "\n\n"),
                                    changed("\n5\n", "\n5.0\n"),
                                    changed("\n5\n", "\n18446744073709551616\n"),
                                    changed("\n5\n", "\n5\n\n"),
                                    changed("\n5\n", "\r\n5\r\n"),
                                    changed("kOw=", "kOw"),
                                    changed("kOw=", "kOx="),
                                    changed("kOw=", "kO=="),
                                    changed("mUqho", "mUqh"),
                                    changed("mUqho", "AAAAmUqho"),
                                    example.substr(example.find('\n'))}) {
        CAPTURE(text);
        CHECK(test::kind_of_error([&] { parse_checkpoint(text, "here"); }) == ErrorKind::malformed);
    }
}

}  // namespace evidence
