#include "digest/piece_list.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::vector<ListedPiece> pieces_of(const std::string& text, std::uint64_t size) {
    const TestContext context;
    const TemporaryFolder folder;
    write_new_file(folder / "file", as_bytes(text));
    File file = File::open_read(folder / "file");
    std::vector<ListedPiece> pieces;
    CHECK(list_pieces(file, size, Algorithm::sha256, context,
                      [&](const ListedPiece& piece) { pieces.push_back(piece); }) == text.size());
    return pieces;
}

}  // namespace

TEST_CASE("every piece has its size, the last the rest") {
    std::string text(3'000'001, 'x');
    for (std::size_t i = 0; i < text.size(); i += 1000) text[i] = static_cast<char>(i / 1000);
    for (const std::uint64_t size :
         {1ull, 4096ull, 1048576ull, 1048577ull, 3000001ull, 5000000ull}) {
        const std::string some = size == 1 ? text.substr(0, 20) : text;
        std::uint64_t offset = 0;
        for (const ListedPiece& piece : pieces_of(some, size)) {
            CHECK(piece.offset == offset);
            CHECK(piece.size_bytes == std::min<std::uint64_t>(size, some.size() - offset));
            CHECK(piece.digest_hex == sha256_hex(some.substr(offset, size)));
            offset += piece.size_bytes;
        }
        CHECK(offset == some.size());
    }
    CHECK(pieces_of("", 10).empty());
}
