#include "transfer/part_reader.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

template <typename T>
std::string code_of(const std::variant<T, TransferFault>& result) {
    const TransferFault* fault = std::get_if<TransferFault>(&result);
    return fault ? fault->code : "";
}

}  // namespace

TEST_CASE("every part of an offer is read and checked") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const auto reader = PartReader::open(sent.folder, sent.offer);
    REQUIRE(std::holds_alternative<PartReader>(reader));
    std::uint64_t total = 0;
    for (std::uint64_t number = 1; number <= sent.offer.parts; ++number) {
        CHECK(code_of(std::get<PartReader>(reader).read(number)).empty());
        total += std::get<PartReader>(reader).plain_bytes(number);
    }
    CHECK(total == sent.offer.package.size_bytes);
    CHECK(code_of(read_key_file(sent.folder, sent.offer)).empty());
}

TEST_CASE("a list that the offer does not vouch for is a fault") {
    TransferFixture fixture;
    SentTransfer sent = fixture.send();
    const fs::path list = sent.folder / "parts.txt";
    edit(list, "part-000003", "part-000004");
    CHECK(code_of(PartReader::open(sent.folder, sent.offer)) == "transfer.part-list-mismatch");
    sent.offer.parts_sha256 = sha256_hex(whole(list));
    CHECK(code_of(PartReader::open(sent.folder, sent.offer)) == "transfer.part-list-malformed");
    fs::remove(list);
    CHECK(code_of(PartReader::open(sent.folder, sent.offer)) == "transfer.file-missing");
}

TEST_CASE("a fault is a refusal for who receives and a finding for who verifies") {
    const TransferFault fault{"transfer.part-missing", "part missing", "/x/part-000001.p7m",
                              "expected 3 parts", Layer::structure};
    CHECK(fault.error().kind() == ErrorKind::refused);
    CHECK(fault.error().message() == "part missing: /x/part-000001.p7m (expected 3 parts)");
    CHECK(fault.finding().weight == Weight::failed);
    CHECK(fault.finding().where == "part-000001.p7m");
}
