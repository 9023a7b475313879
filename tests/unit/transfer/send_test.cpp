#include "transfer/send.h"

#include "base/hex.h"
#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        names.push_back(entry.path().filename().native());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// Follows the stock commands of the format page with nothing but openssl and the shell.
int open_with_openssl(const SentTransfer& sent, const std::string& key, const fs::path& output) {
    std::string id = sent.offer.transfer;
    std::erase(id, '-');
    return shell("cd " + sent.folder.native() + " && sha256sum -c --quiet parts.txt" +
                 " && openssl cms -decrypt -inform DER -binary -in key.p7m -out " +
                 output.native() + ".key -inkey " + test_pki().path(key + ".key").native() +
                 " -recip " + test_pki().path(key + ".pem").native() + " && secret=$(sed -n 3p " +
                 output.native() + ".key) && for part in part-*.p7m; do" +
                 " openssl cms -decrypt -inform DER -binary -in $part -secretkey $secret" +
                 " -secretkeyid " + id + " || exit 1; done >" + output.native());
}

}  // namespace

TEST_CASE("a sent transfer holds offer, key, list and parts, and nothing else") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    CHECK(sent.folder == fixture.channel / sent.offer.transfer);
    CHECK(names_in(fixture.channel) == std::vector<std::string>{sent.offer.transfer});
    CHECK(names_in(sent.folder) == std::vector<std::string>{"key.p7m", "offer.json", "offer.p7s",
                                                            "part-000001.p7m", "part-000002.p7m",
                                                            "part-000003.p7m", "parts.txt"});
    CHECK(sent.offer.parts == 3);
    CHECK(sent.offer.manifest_sha256 == sha256_hex(small_manifest));
    CHECK(sent.offer.package.file_sha256 == sha256_hex(whole(fixture.package)));
    CHECK(sent.offer.key_sha256 == sha256_hex(whole(sent.folder / "key.p7m")));
    CHECK(sent.offer.parts_sha256 == sha256_hex(whole(sent.folder / "parts.txt")));
    CHECK_FALSE(sent.was_resumed);
}

TEST_CASE("openssl alone opens a transfer, for an RSA and an EC recipient") {
    TransferFixture fixture;
    SendRequest request = fixture.request();
    request.recipients.push_back(test_pki().certificate("recipient-ec"));
    const SentTransfer sent = fixture.send(request);
    for (const char* key : {"recipient-rsa", "recipient-ec"}) {
        CAPTURE(key);
        const fs::path output = fixture.folder / key;
        CHECK(open_with_openssl(sent, key, output) == 0);
        CHECK(whole(output) == whole(fixture.package));
    }
    CHECK(open_with_openssl(sent, "good-ec384", fixture.folder / "nobody") != 0);
}

TEST_CASE("openssl alone verifies the offer") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    CHECK(shell("cd " + sent.folder.native() +
                " && openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore" +
                " -CAfile " + test_pki().path("root.pem").native() +
                " -in offer.p7s -content offer.json -out /dev/null") == 0);
}

TEST_CASE("an offer in clear text names nobody and nothing of the case") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const std::string offer = whole(sent.folder / "offer.json");
    for (const char* secret : {"HN-1", "USB-01", "Officer", "use limit"}) {
        CHECK(offer.find(secret) == std::string::npos);
    }
}

TEST_CASE("the sender's ledger records offer and dispatch, and the offer holds its head") {
    TransferFixture fixture;
    const CheckpointText before = fixture.sender.case_folder.ledger().head();
    const SentTransfer sent = fixture.send();
    CHECK(fixture.sender.history() == "open acquire seal offer dispatch");
    CHECK(sent.offer.checkpoint == before);
    const Event dispatch = fixture.sender.events().back();
    CHECK(dispatch.items == std::vector<std::string>{"USB-01"});
    CHECK(dispatch.detail.at("transfer").string() == sent.offer.transfer);
    CHECK(dispatch.detail.at("manifest_sha256").string() == sent.offer.manifest_sha256);
    CHECK(dispatch.detail.at("statement_sha256").string() ==
          sha256_hex(whole(sent.folder / "offer.json")));
    const fs::path kept = fixture.sender.case_folder.transfer_folder(sent.offer.transfer);
    CHECK(names_in(kept) == std::vector<std::string>{"offer.json", "offer.p7s"});
    CHECK(whole(kept / "offer.json") == whole(sent.folder / "offer.json"));
    CHECK(fixture.sender.case_folder.ledger().checkpoints().back().text == before);
}

TEST_CASE("a transfer in clear has parts that make the package when joined") {
    TransferFixture fixture;
    SendRequest request = fixture.request();
    request.form = PartForm::clear;
    const SentTransfer sent = fixture.send(request);
    CHECK_FALSE(sent.offer.is_encrypted());
    CHECK_FALSE(fs::exists(sent.folder / "key.p7m"));
    CHECK(whole(sent.folder / "part-000001.bin") + whole(sent.folder / "part-000002.bin") +
              whole(sent.folder / "part-000003.bin") ==
          whole(fixture.package));
}

TEST_CASE("an interrupted send goes on with the same transfer and keeps its parts") {
    TransferFixture fixture;
    const TransferCase* const sides[] = {&fixture.sender.side, nullptr};
    for (const TransferCase* side : sides) {
        CAPTURE(side != nullptr);
        const SendRequest request = fixture.request();
        fixture.send_stopped(request, 1, side);
        const std::vector<std::string> names = names_in(fixture.channel);
        const auto unfinished =
            std::find_if(names.begin(), names.end(), [](const auto& n) { return n[0] == '.'; });
        REQUIRE(unfinished != names.end());
        const std::string part = whole(fixture.channel / *unfinished / "part-000001.p7m");
        CHECK_FALSE(fs::exists(fixture.channel / *unfinished / "part-000002.p7m"));

        const SentTransfer sent =
            send_transfer(request, fixture.sender.identity, side, fixture.context);
        CHECK(sent.was_resumed);
        CHECK(*unfinished == "." + sent.offer.transfer + ".partial");
        CHECK(whole(sent.folder / "part-000001.p7m") == part);
        CHECK_FALSE(fs::exists(fixture.channel / *unfinished));
        CHECK(open_with_openssl(sent, "recipient-rsa", fixture.folder / "opened") == 0);
        CHECK(whole(fixture.folder / "opened") == whole(fixture.package));
        fs::remove(fixture.folder / "opened");
    }
    CHECK(fixture.sender.history() == "open acquire seal offer dispatch");
}

TEST_CASE("what an interrupted send left damaged is made again") {
    TransferFixture fixture;
    fixture.send_stopped(fixture.request(), 2 * min_part_bytes, &fixture.sender.side);
    const fs::path unfinished = fixture.channel / names_in(fixture.channel).front();
    flip_byte(unfinished / "part-000001.p7m", 1000);
    overwrite(unfinished / "part-000002.p7m", "half");
    overwrite(unfinished / "offer.json", "{}\n");
    overwrite(unfinished / ".parts.txt.partial-x", "stray");
    const SentTransfer sent = fixture.send();
    CHECK(sent.was_resumed);
    CHECK(names_in(sent.folder).size() == 7);
    CHECK(open_with_openssl(sent, "recipient-rsa", fixture.folder / "opened") == 0);
    CHECK(whole(fixture.folder / "opened") == whole(fixture.package));
}

namespace {

// A send that was killed once its offer was signed and recorded: before or after the rename.
struct KilledSend {
    TransferFixture fixture;
    SentTransfer sent;
    std::string offer;
    fs::path unfinished;

    explicit KilledSend(bool before_rename) {
        fixture.send_stopped(fixture.request(), 1, &fixture.sender.side);
        unfinished = fixture.channel / names_in(fixture.channel).front();
        const fs::path state = fixture.sender.case_folder.transfer_folder(
                                   unfinished.filename().native().substr(1, 36)) /
                               "sending.json";
        const std::string remembered = whole(state);
        sent = fixture.send();
        offer = whole(sent.folder / "offer.json");
        CHECK_FALSE(fs::exists(state));
        overwrite(state, remembered);
        if (before_rename) fs::rename(sent.folder, unfinished);
    }
};

}  // namespace

TEST_CASE("a send killed after it signed its offer ends with that very offer") {
    for (const bool before_rename : {true, false}) {
        CAPTURE(before_rename);
        KilledSend killed(before_rename);
        killed.fixture.context.clock.time =
            UtcTime{killed.fixture.context.clock.time.milliseconds + 1};
        const SentTransfer again = killed.fixture.send();
        CHECK(again.folder == killed.sent.folder);
        CHECK(whole(again.folder / "offer.json") == killed.offer);
        CHECK(names_in(again.folder).size() == 7);
        CHECK(killed.fixture.sender.history() == "open acquire seal offer dispatch");
        CHECK_FALSE(fs::exists(killed.unfinished));
    }
}

TEST_CASE("a signed offer is never joined with parts or a key made later") {
    for (const char* name : {"part-000002.p7m", "key.p7m"}) {
        CAPTURE(name);
        KilledSend killed(true);
        fs::remove(killed.unfinished / name);
        const auto send = [&] { killed.fixture.send(); };
        CHECK(kind_of_error(send) == ErrorKind::refused);
        CHECK(message_of(send).starts_with("unfinished transfer no longer fits its signed offer"));
    }
}

TEST_CASE("the transfer key never lies in the clear on the medium that travels") {
    TransferFixture fixture;
    fixture.send_stopped(fixture.request(), min_part_bytes, nullptr);
    const fs::path state = fixture.folder / "package.asice.sending";
    REQUIRE(fs::exists(state));
    CHECK((fs::status(state).permissions() & fs::perms::others_all) == fs::perms::none);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fixture.channel)) {
        CHECK(entry.path().extension() != ".sending");
        CHECK(entry.path().filename() != "sending.json");
    }
    send_transfer(fixture.request(), fixture.sender.identity, nullptr, fixture.context);
    CHECK_FALSE(fs::exists(state));
}

TEST_CASE("a package that this case neither sealed nor received is not sent for it") {
    TransferFixture fixture;
    const auto send = [&] {
        send_transfer(fixture.request(), fixture.recipient.identity, &fixture.recipient.side,
                      fixture.context);
    };
    CHECK(kind_of_error(send) == ErrorKind::refused);
    CHECK(message_of(send).starts_with("package of another case: "));
    CHECK(fs::is_empty(fixture.channel));
    CHECK(fixture.recipient.history() == "open");
}

TEST_CASE("sending asks for what it needs before it writes anything") {
    TransferFixture fixture;
    const auto kind_for = [&](const std::function<void(SendRequest&)>& change) {
        SendRequest request = fixture.request();
        change(request);
        return kind_of_error([&] { fixture.send(request); });
    };
    CHECK(kind_for([](SendRequest& r) { r.part_size_bytes = 1; }) == ErrorKind::usage);
    CHECK(kind_for([](SendRequest& r) { r.recipients.clear(); }) == ErrorKind::usage);
    CHECK(kind_for([&](SendRequest& r) { r.answer_by = fixture.context.clock.time; }) ==
          ErrorKind::usage);
    CHECK(kind_for([](SendRequest& r) { r.recipients = {test_pki().certificate("good-ec")}; }) ==
          ErrorKind::crypto);
    CHECK(kind_for([](SendRequest& r) { r.recipients = {test_pki().certificate("expired")}; }) ==
          ErrorKind::crypto);
    CHECK(kind_for([&](SendRequest& r) { r.destination = fixture.folder / "absent"; }) ==
          ErrorKind::not_found);
    CHECK(kind_for([&](SendRequest& r) { r.package = fixture.folder / "absent"; }) ==
          ErrorKind::not_found);
    write_new_file(fixture.folder / "text", as_bytes("not a package"));
    CHECK(kind_for([&](SendRequest& r) { r.package = fixture.folder / "text"; }) ==
          ErrorKind::malformed);
    CHECK(fs::is_empty(fixture.channel));
    CHECK(fixture.sender.history() == "open acquire seal");
}

TEST_CASE("what would stop the offer or its events is found before the first part") {
    TransferFixture fixture;
    SUBCASE("an unusable reason") {
        fixture.sender.side.draft.reason = "two\twords";
        CHECK(kind_of_error([&] { fixture.send(); }) == ErrorKind::usage);
    }
    SUBCASE("an expired certificate") {
        fixture.sender.identity = test_pki().identity("expired");
        CHECK(kind_of_error([&] { fixture.send(); }) == ErrorKind::crypto);
    }
    SUBCASE("an expired certificate, without a case") {
        const SigningIdentity expired = test_pki().identity("expired");
        CHECK(kind_of_error([&] {
                  send_transfer(fixture.request(), expired, nullptr, fixture.context);
              }) == ErrorKind::crypto);
    }
    CHECK(fs::is_empty(fixture.channel));
    CHECK(fixture.sender.history() == "open acquire seal");
    CHECK(fs::is_empty(fixture.sender.case_folder.folder() / "transfers"));
}

TEST_CASE("a recipient named twice stands in the offer once") {
    TransferFixture fixture;
    SendRequest request = fixture.request();
    request.recipients.push_back(request.recipients.front());
    CHECK(fixture.send(request).offer.recipients.size() == 1);
}
