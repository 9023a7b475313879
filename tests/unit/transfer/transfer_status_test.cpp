#include "transfer/transfer_status.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("a transfer goes from offered to received to closed") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    TransferStatus status = read_transfer_status(sent.folder);
    CHECK(status.stage() == TransferStage::offered);
    CHECK(status.parts_present == 3);
    fixture.receive(sent.folder);
    CHECK(read_transfer_status(sent.folder).stage() == TransferStage::received);
    fixture.close(sent);
    fs::remove(sent.folder / "part-000002.p7m");
    status = read_transfer_status(sent.folder);
    CHECK(status.stage() == TransferStage::closed);
    CHECK(status.parts_present == 2);
}

TEST_CASE("a refused transfer stays refused") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.receive(sent.folder, Verdict::total_failed);
    const TransferStatus status = read_transfer_status(sent.folder);
    CHECK(status.stage() == TransferStage::refused);
    CHECK(status_text(status).find("verification-failed") != std::string::npos);
    CHECK(status_json(status).at("answer").at("reason").string() == "verification-failed");
}

TEST_CASE("a standing that its signatures do not carry is not told") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.receive(sent.folder);
    const auto read = [&] { read_transfer_status(sent.folder); };
    SUBCASE("edited offer") { edit(sent.folder / "offer.json", "\"parts\":3", "\"parts\":4"); }
    SUBCASE("edited receipt") {
        edit(sent.folder / "receipt.json", "TOTAL-PASSED", "INDETERMINATE");
    }
    SUBCASE("receipt of another transfer") {
        const SentTransfer other = fixture.send();
        fixture.output = fixture.folder / "other.asice";
        fixture.receive(other.folder);
        overwrite(sent.folder / "receipt.json", whole(other.folder / "receipt.json"));
        overwrite(sent.folder / "receipt.p7s", whole(other.folder / "receipt.p7s"));
    }
    CHECK(kind_of_error(read) == ErrorKind::refused);
}

TEST_CASE("the status document has the same members at every stage") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const Json before = status_json(read_transfer_status(sent.folder));
    fixture.receive(sent.folder);
    fixture.close(sent);
    const Json after = status_json(read_transfer_status(sent.folder));
    REQUIRE(before.members().size() == after.members().size());
    for (std::size_t i = 0; i < before.members().size(); ++i) {
        CHECK(before.members()[i].first == after.members()[i].first);
    }
    CHECK(before.at("answer").is_null());
    CHECK(after.at("answer").at("kind").string() == "receipt");
    CHECK(after.at("stage").string() == "closed");
}
