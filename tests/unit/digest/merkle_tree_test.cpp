#include "digest/merkle_tree.h"

#include <doctest/doctest.h>

#include "base/hex.h"

namespace evidence {
namespace {

// RFC 6962 section 2.1 word for word, over the list of inputs: another way to the same root.
Sha256 root_by_definition(const std::vector<std::string>& inputs, std::size_t from,
                          std::size_t to) {
    const std::size_t count = to - from;
    if (count == 0) return sha256(std::string_view{});
    if (count == 1) return sha256(std::string(1, '\0') + inputs[from]);
    std::size_t split = 1;
    while (split * 2 < count) split *= 2;
    const Sha256 left = root_by_definition(inputs, from, from + split);
    const Sha256 right = root_by_definition(inputs, from + split, to);
    return sha256("\1" + std::string(as_text(left)) + std::string(as_text(right)));
}

}  // namespace

TEST_CASE("roots of Certificate Transparency's reference leaves") {
    const char* leaves[] = {"",
                            "00",
                            "10",
                            "2021",
                            "3031",
                            "40414243",
                            "5051525354555657",
                            "606162636465666768696a6b6c6d6e6f"};
    const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    MerkleTree tree;
    for (std::size_t i = 0; i < 8; ++i) {
        tree.add_leaf(merkle_leaf(from_hex(leaves[i]).value()));
        CHECK(to_hex(tree.root()) == roots[i]);
        CHECK(tree.size() == i + 1);
    }
}

TEST_CASE("roots agree with the definition at every size") {
    std::vector<std::string> inputs;
    MerkleTree tree;
    for (std::size_t size = 0; size <= 260; ++size) {
        CAPTURE(size);
        CHECK(tree.root() == root_by_definition(inputs, 0, size));
        inputs.push_back(std::to_string(size));
        tree.add_leaf(merkle_leaf(as_bytes(inputs.back())));
    }
}

TEST_CASE("the root of a thousand numbers is the one Python computes") {
    MerkleTree tree;
    for (int i = 0; i < 1000; ++i) tree.add_leaf(merkle_leaf(as_bytes(std::to_string(i))));
    CHECK(to_hex(tree.root()) ==
          "638afa98022925bacfddadb15ef22fd0199c1ac99c2973b6158243d13fce05c2");
}

TEST_CASE("a node never equals a leaf of the same bytes") {
    const Sha256 left = merkle_leaf(as_bytes("left")), right = merkle_leaf(as_bytes("right"));
    const std::string joined = std::string(as_text(left)) + std::string(as_text(right));
    CHECK(merkle_node(left, right) != merkle_leaf(as_bytes(joined)));
    CHECK(merkle_node(left, right) != merkle_node(right, left));
}

}  // namespace evidence
