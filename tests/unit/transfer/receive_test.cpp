#include "transfer/receive.h"

#include "base/hex.h"
#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// The refusal of an attempt to receive, which must leave nothing behind.
std::string refusal(TransferFixture& fixture, const fs::path& source) {
    const auto receive = [&] { fixture.receive(source); };
    CHECK(kind_of_error(receive) == ErrorKind::refused);
    CHECK_FALSE(fs::exists(fixture.output));
    CHECK_FALSE(fs::exists(source / "receipt.json"));
    CHECK_FALSE(fs::exists(source / "refusal.json"));
    CHECK(fixture.recipient.history() == "open");
    CHECK(fixture.verified == 0);
    for (const fs::directory_entry& entry : fs::directory_iterator(fixture.folder.path())) {
        CHECK(entry.path().filename().native().find("partial") == std::string::npos);
    }
    return message_of(receive);
}

// Writes offer.json anew with another signer, as an attacker with a key of their own can.
void sign_again(const fs::path& folder, const std::string& signer, const Offer& offer) {
    const std::string document = format_offer(offer);
    const Bytes signature =
        sign_detached(as_bytes(document), test_pki().identity(signer), offer.created_at);
    overwrite(folder / "offer.json", document);
    overwrite(folder / "offer.p7s", as_text(signature));
}

}  // namespace

TEST_CASE("a received package is the one sent, and its receipt says so") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const ReceivedTransfer received = fixture.receive(sent.folder);
    CHECK(whole(fixture.output) == whole(fixture.package));
    CHECK(fixture.verified == 1);
    CHECK(received.answer_path == sent.folder / "receipt.json");
    const Answer answer = parse_answer(whole(received.answer_path), "receipt");
    CHECK(answer == received.answer);
    CHECK(answer.kind() == StatementKind::receipt);
    CHECK(answer.verdict == Verdict::total_passed);
    CHECK(answer.conditions_sha256 == sha256_hex(small_terms));
    CHECK(answer.offer_sha256 == sha256_hex(whole(sent.folder / "offer.json")));
    CHECK(answer.offer_signature_sha256 == sha256_hex(whole(sent.folder / "offer.p7s")));
    CHECK(answer.recipient == fixture.recipient.identity.certificate.fingerprint());
}

TEST_CASE("the recipient's ledger records receive and receipt and keeps all statements") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const ReceivedTransfer received = fixture.receive(sent.folder);
    CHECK(fixture.recipient.history() == "open receive receipt");
    const fs::path kept = fixture.recipient.case_folder.transfer_folder(sent.offer.transfer);
    for (const char* name : {"offer.json", "offer.p7s", "receipt.json", "receipt.p7s"}) {
        CAPTURE(name);
        CHECK(whole(kept / name) == whole(sent.folder / name));
    }
    REQUIRE(received.answer.checkpoint);
    CHECK(received.answer.checkpoint->size == 2);
    const std::vector<Event> events = fixture.recipient.events();
    CHECK(events[1].detail.at("statement_sha256").string() ==
          sha256_hex(whole(kept / "offer.json")));
    CHECK(events[2].detail.at("statement_sha256").string() ==
          sha256_hex(whole(kept / "receipt.json")));
    CHECK(fixture.recipient.case_folder.ledger().statements(sent.offer.transfer).size() == 2);
}

TEST_CASE("each recipient of several can receive, RSA and EC, with or without a case") {
    TransferFixture fixture;
    SendRequest request = fixture.request();
    request.recipients.push_back(test_pki().certificate("recipient-ec"));
    const SentTransfer sent = fixture.send(request);
    fs::copy(sent.folder, fixture.folder / "copy");
    CHECK(fixture.receive(sent.folder).answer.verdict == Verdict::total_passed);
    fixture.decrypter = test_pki().identity("recipient-ec");
    fixture.output = fixture.folder / "second.asice";
    CHECK(fixture.receive_without_case(fixture.folder / "copy").answer.kind() ==
          StatementKind::receipt);
    CHECK(whole(fixture.output) == whole(fixture.package));
}

TEST_CASE("parts in clear are received as well") {
    TransferFixture fixture;
    SendRequest request = fixture.request();
    request.form = PartForm::clear;
    const SentTransfer sent = fixture.send(request);
    fixture.receive(sent.folder);
    CHECK(whole(fixture.output) == whole(fixture.package));
}

TEST_CASE("what could not be established gets a receipt that says so") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const ReceivedTransfer received = receive_transfer(
        {sent.folder, fixture.output, "stick 4711"},
        {fixture.recipient.identity, fixture.decrypter}, fixture.trust,
        fixture.verifier(Verdict::indeterminate,
                         {"timestamp.absent", "certificate.no-chain", "certificate.no-chain"}),
        &fixture.recipient.side, fixture.context);
    CHECK(received.answer.verdict == Verdict::indeterminate);
    CHECK(received.answer.findings ==
          std::vector<std::string>{"certificate.no-chain", "timestamp.absent"});
    CHECK(received.answer.media == "stick 4711");
    CHECK(fs::exists(fixture.output));
}

TEST_CASE("a package that fails verification is refused and gets no name") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const ReceivedTransfer received = fixture.receive(sent.folder, Verdict::total_failed);
    CHECK(received.answer_path == sent.folder / "refusal.json");
    CHECK(received.answer.reason == "verification-failed");
    CHECK_FALSE(fs::exists(fixture.output));
    CHECK_FALSE(fs::exists(sent.folder / "receipt.json"));
    CHECK(fixture.recipient.history() == "open receive refuse");
}

TEST_CASE("a package whose manifest is not the one offered is refused") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    Offer offer = sent.offer;
    offer.manifest_sha256 = std::string(64, '0');
    sign_again(sent.folder, "good-ec", offer);
    const ReceivedTransfer received = fixture.receive(sent.folder);
    CHECK(received.answer.reason == "verification-failed");
    CHECK(received.answer.findings == std::vector<std::string>{"transfer.manifest-mismatch"});
    CHECK_FALSE(fs::exists(fixture.output));
}

TEST_CASE("a transfer can be refused unopened") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const Recipient recipient{fixture.recipient.identity, fixture.decrypter};
    const ReceiveRequest request{sent.folder, {}, {}};
    const auto refuse = [&](std::string_view reason) {
        return refuse_transfer(request, reason, recipient, fixture.trust, &fixture.recipient.side,
                               fixture.context);
    };
    CHECK(kind_of_error([&] { refuse("Because I say so"); }) == ErrorKind::usage);
    const ReceivedTransfer refused = refuse("wrong-authority");
    CHECK(refused.answer_path == sent.folder / "refusal.json");
    CHECK_FALSE(refused.answer.verdict);
    CHECK(refused.answer.conditions_sha256.empty());
    CHECK(fixture.recipient.history() == "open receive refuse");
    CHECK(message_of([&] {
              fixture.receive(sent.folder);
          }).starts_with("transfer was received before: "));
}

TEST_CASE("a transfer for somebody else is not opened") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.decrypter = test_pki().identity("recipient-ec");
    const auto receive = [&] { fixture.receive(sent.folder); };
    CHECK(kind_of_error(receive) == ErrorKind::crypto);
    CHECK(message_of(receive).starts_with("transfer for somebody else: "));
    CHECK_FALSE(fs::exists(fixture.output));
}

TEST_CASE("a transfer is received into a case only once") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fs::copy(sent.folder, fixture.folder / "replay");
    fixture.receive(sent.folder);
    CHECK(kind_of_error([&] { fixture.receive(sent.folder); }) == ErrorKind::refused);
    CHECK(whole(fixture.output) == whole(fixture.package));
    fixture.output = fixture.folder / "again.asice";
    const auto replay = [&] { fixture.receive(fixture.folder / "replay"); };
    CHECK(kind_of_error(replay) == ErrorKind::refused);
    CHECK(message_of(replay).starts_with("transfer was received before: " + sent.offer.transfer));
    CHECK_FALSE(fs::exists(fixture.output));
    CHECK_FALSE(fs::exists(fixture.folder / "replay" / "receipt.json"));
    CHECK(fixture.recipient.history() == "open receive receipt");
}

TEST_CASE("one transfer id stands for one offer") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    TransferRecord(fixture.recipient.side, sent.offer.transfer, sent.offer.manifest_sha256, {},
                   fixture.context)
        .keep(StatementKind::offer, load_statement(sent.folder / "offer.json"), "receive");
    Offer offer = sent.offer;
    offer.answer_by = UtcTime{fixture.context.clock.time.milliseconds + 1};
    sign_again(sent.folder, "good-ec", offer);
    const auto receive = [&] { fixture.receive(sent.folder); };
    CHECK(kind_of_error(receive) == ErrorKind::refused);
    CHECK(message_of(receive).starts_with("another offer was received under this transfer id: "));
    CHECK_FALSE(fs::exists(fixture.output));
}

TEST_CASE("without a case an answered transfer is known by its answer") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.receive_without_case(sent.folder);
    fixture.output = fixture.folder / "again.asice";
    const auto receive = [&] { fixture.receive_without_case(sent.folder); };
    CHECK(kind_of_error(receive) == ErrorKind::refused);
    CHECK(message_of(receive).starts_with("transfer is answered already: "));
}

TEST_CASE("a receive stopped between package and receipt goes on") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fs::copy_file(fixture.package, fixture.output);
    CHECK(fixture.receive(sent.folder).answer.kind() == StatementKind::receipt);
    CHECK(fixture.recipient.history() == "open receive receipt");
}

TEST_CASE("a file that is in the way is never replaced") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    overwrite(fixture.output, "mine");
    CHECK(kind_of_error([&] { fixture.receive(sent.folder); }) == ErrorKind::exists);
    CHECK(whole(fixture.output) == "mine");
}

TEST_CASE("an interrupted receive leaves nothing and can start again") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    StoppingProgress progress(fixture.context.interrupted, 1);
    const Context stopping{fixture.context.clock, fixture.context.random, progress,
                           fixture.context.interrupted, fixture.context.scratch.path()};
    CHECK(kind_of_error([&] {
              receive_transfer({sent.folder, fixture.output, {}},
                               {fixture.recipient.identity, fixture.decrypter}, fixture.trust,
                               fixture.verifier(Verdict::total_passed), nullptr, stopping);
          }) == ErrorKind::interrupted);
    CHECK_FALSE(fs::exists(fixture.output));
    fixture.context.interrupted = false;
    fixture.receive(sent.folder);
    CHECK(whole(fixture.output) == whole(fixture.package));
}

TEST_CASE("attacks on the parts are refused, each with its own words") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const SentTransfer other = fixture.send();
    const fs::path first = sent.folder / "part-000001.p7m";
    const fs::path second = sent.folder / "part-000002.p7m";
    SUBCASE("a part is missing") {
        fs::remove(second);
        CHECK(refusal(fixture, sent.folder) ==
              "part missing: " + second.native() + " (expected 3 parts)");
    }
    SUBCASE("two parts are swapped") {
        fs::rename(first, fixture.folder / "x");
        fs::rename(second, first);
        fs::rename(fixture.folder / "x", second);
        CHECK(refusal(fixture, sent.folder) ==
              "parts swapped: " + first.native() + " (it holds part-000002.p7m)");
    }
    SUBCASE("a part comes from another transfer of the same package") {
        overwrite(second, whole(other.folder / "part-000002.p7m"));
        CHECK(refusal(fixture, sent.folder) == "part of another transfer: " + second.native() +
                                                   " (expected transfer " + sent.offer.transfer +
                                                   ")");
    }
    SUBCASE("a part is damaged") {
        flip_byte(second, 40'000);
        CHECK(refusal(fixture, sent.folder) ==
              "part damaged: " + second.native() + " (expected the digest in parts.txt)");
    }
    SUBCASE("a part is longer") {
        overwrite(second, whole(second) + std::string(100'000, 'x'));
        CHECK(refusal(fixture, sent.folder).starts_with("part damaged: "));
    }
    SUBCASE("the list names the parts in another order") {
        std::string list = whole(sent.folder / "parts.txt");
        const std::string line = list.substr(0, list.find('\n') + 1);
        list.erase(0, line.size());
        overwrite(sent.folder / "parts.txt", list + line);
        CHECK(refusal(fixture, sent.folder).starts_with("list of parts was changed: "));
    }
    SUBCASE("the list is missing") {
        fs::remove(sent.folder / "parts.txt");
        CHECK(refusal(fixture, sent.folder).starts_with("list of parts missing: "));
    }
    SUBCASE("the key is that of another transfer") {
        overwrite(sent.folder / "key.p7m", whole(other.folder / "key.p7m"));
        CHECK(refusal(fixture, sent.folder).starts_with("transfer key was changed: "));
    }
    SUBCASE("the key is missing") {
        fs::remove(sent.folder / "key.p7m");
        CHECK(refusal(fixture, sent.folder).starts_with("transfer key missing: "));
    }
}

TEST_CASE("attacks on the offer are refused, each with its own words") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const fs::path path = sent.folder / "offer.json";
    SUBCASE("it was edited") {
        edit(path, "\"parts\":3", "\"parts\":2");
        CHECK(refusal(fixture, sent.folder)
                  .starts_with("signature does not hold: " + path.native() +
                               " (signature.wrong-content"));
    }
    SUBCASE("its signature is missing") {
        fs::remove(sent.folder / "offer.p7s");
        CHECK(refusal(fixture, sent.folder).starts_with("statement without its signature: "));
    }
    SUBCASE("it was signed again by another key") {
        sign_again(sent.folder, "good-ec384", sent.offer);
        CHECK(refusal(fixture, sent.folder)
                  .starts_with("signed by another key than the statement names: "));
    }
    SUBCASE("its sender chains to no trust anchor") {
        Offer offer = sent.offer;
        offer.sender = test_pki().certificate("untrusted").fingerprint();
        sign_again(sent.folder, "untrusted", offer);
        CHECK(refusal(fixture, sent.folder).starts_with("signer is not trusted: "));
    }
    SUBCASE("it was addressed to somebody else as well, without the key for them") {
        Offer offer = sent.offer;
        offer.recipients = {test_pki().certificate("recipient-ec").fingerprint()};
        sign_again(sent.folder, "good-ec", offer);
        fixture.decrypter = test_pki().identity("recipient-ec");
        CHECK(kind_of_error([&] { fixture.receive(sent.folder); }) == ErrorKind::crypto);
        CHECK_FALSE(fs::exists(fixture.output));
    }
    SUBCASE("another statement stands in its place") {
        fixture.receive(sent.folder);
        fs::rename(sent.folder / "receipt.json", path);
        fs::rename(sent.folder / "receipt.p7s", sent.folder / "offer.p7s");
        CHECK(kind_of_error([&] { fixture.receive(sent.folder); }) == ErrorKind::malformed);
    }
}

TEST_CASE("parts of another package under a consistent offer do not pass") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    Offer offer = sent.offer;
    offer.package.file_sha256 = std::string(64, '0');
    sign_again(sent.folder, "good-ec", offer);
    CHECK(refusal(fixture, sent.folder).starts_with("parts do not make the package offered: "));
}

TEST_CASE("what is no transfer folder is told apart from one that is not there") {
    TransferFixture fixture;
    CHECK(kind_of_error([&] { fixture.receive(fixture.channel); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { fixture.receive(fixture.package); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { fixture.receive(fixture.folder / "absent"); }) ==
          ErrorKind::not_found);
}

TEST_CASE("what would stop the answer or its events is found before the first part") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    const auto receive = [&](const SigningIdentity& signer, const TransferCase* side) {
        return kind_of_error([&] {
            receive_transfer({sent.folder, fixture.output, {}}, {signer, fixture.decrypter},
                             fixture.trust, fixture.verifier(Verdict::total_passed), side,
                             fixture.context);
        });
    };
    const SigningIdentity expired = test_pki().identity("expired");
    CHECK(receive(expired, nullptr) == ErrorKind::crypto);
    CHECK(kind_of_error([&] {
              refuse_transfer({sent.folder, {}, {}}, "wrong-authority",
                              {expired, fixture.decrypter}, fixture.trust, nullptr,
                              fixture.context);
          }) == ErrorKind::crypto);
    fixture.recipient.side.draft.reason = "two\twords";
    CHECK(receive(fixture.recipient.identity, &fixture.recipient.side) == ErrorKind::usage);
    CHECK(fixture.verified == 0);
    CHECK_FALSE(fs::exists(fixture.output));
    CHECK_FALSE(fs::exists(sent.folder / "receipt.json"));
    CHECK(fixture.recipient.history() == "open");
}

TEST_CASE("the case's copy of an answer that a crash lost is made again") {
    TransferFixture fixture;
    const SentTransfer sent = fixture.send();
    fixture.receive(sent.folder);
    const fs::path copy =
        fixture.recipient.case_folder.transfer_folder(sent.offer.transfer) / "receipt.json";
    fs::remove(copy);
    CHECK(message_of([&] {
              fixture.receive(sent.folder);
          }).starts_with("transfer was received before: "));
    CHECK(fs::exists(copy));
}
