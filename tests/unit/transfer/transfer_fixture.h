// Two custodians with a case each, and a small sealed package that the sender's case knows.
#pragma once

#include <doctest/doctest.h>

#include <functional>

#include "base/atomic_file.h"
#include "package/package_layout.h"
#include "package/zip_writer.h"
#include "test_context.h"
#include "test_errors.h"
#include "test_pki.h"
#include "transfer/close.h"
#include "transfer/receive.h"
#include "transfer/send.h"
#include "transfer/transfer_folder.h"

namespace evidence::test {

inline const std::string small_manifest = "<manifest/>\n";
inline const std::string small_terms = "{\"conditions\":[\"use limit\"]}\n";

// What a transfer looks at in a package; the payload is what makes several parts.
inline void write_small_package(const fs::path& path, std::size_t payload_bytes = 150'000) {
    Bytes payload(payload_bytes);
    CountingRandom().fill(payload);
    File file = File::create_new(path);
    ZipWriter writer([&file](ByteView bytes) { file.write(bytes); });
    writer.add("mimetype", package_mimetype);
    writer.add("terms.json", small_terms);
    writer.add("data/000001.bin", as_text(payload));
    writer.add(manifest_001, small_manifest);
    writer.finish();
}

// One side of a transfer: a case, and who acts for it.
struct Party {
    Party(const fs::path& folder, const std::string& number, const std::string& signer,
          const Context& context)
        : identity(test_pki().identity(signer)),
          case_folder(CaseFolder::create(folder, {number, "A title", "", "", ""}, author,
                                         draft("open"), context)) {}

    static EventDraft draft(std::string type, std::vector<std::string> items = {}) {
        EventDraft event;
        event.type = std::move(type);
        event.items = std::move(items);
        event.place = "Hà Nội";
        return event;
    }
    std::vector<Event> events() const {
        std::vector<Event> all;
        case_folder.ledger().visit(
            0, UINT64_MAX, [&](const LedgerLine& line) { all.push_back(line.event.value()); });
        return all;
    }
    // "open acquire seal offer dispatch"
    std::string history() const {
        std::string types;
        for (const Event& event : events()) types += (types.empty() ? "" : " ") + event.type;
        return types;
    }

    SigningIdentity identity;
    EventAuthor author{{"Officer", "Authority", "", "", ""}, &identity};
    CaseFolder case_folder;
    TransferCase side{case_folder, author, draft("")};
};

// Stops the operation after some bytes, as a user with ^C does.
class StoppingProgress : public SilentProgress {
public:
    StoppingProgress(std::atomic<bool>& flag, std::uint64_t after_bytes)
        : flag_(flag), left_(after_bytes) {}
    void advance(std::uint64_t bytes) override {
        left_ -= std::min(left_, bytes);
        if (left_ == 0) flag_ = true;
    }

private:
    std::atomic<bool>& flag_;
    std::uint64_t left_;
};

struct TransferFixture {
    TestContext context;
    TemporaryFolder folder;
    fs::path package = folder / "package.asice";
    fs::path channel = folder / "channel";
    fs::path output = folder / "received.asice";
    Party sender{folder / "sender", "HN-1", "good-ec", context};
    Party recipient{folder / "recipient", "FR-9", "good-rsa", context};
    SigningIdentity decrypter = test_pki().identity("recipient-rsa");
    TrustStore no_trust, trust;
    int verified = 0;  // calls of the verifier

    TransferFixture() {
        write_small_package(package);
        fs::create_directory(channel);
        trust.add_anchors(test_pki().path("root.pem"));
        ItemRow item;
        item.id = "USB-01";
        item.acquisition_sha256 = std::string(64, 'a');
        context.context.random.fill(item.key);
        Ledger& ledger = sender.case_folder.ledger();
        ledger.append(Party::draft("acquire", {"USB-01"}), sender.author, context, item);
        EventDraft seal = Party::draft("seal", {"USB-01"});
        seal.detail = Json::object({{"manifest_sha256", sha256_hex(small_manifest)}});
        ledger.append(seal, sender.author, context);
    }

    SendRequest request() const {
        SendRequest request;
        request.package = package;
        request.destination = channel;
        request.recipients = {test_pki().certificate("recipient-rsa")};
        request.part_size_bytes = min_part_bytes;
        return request;
    }
    SentTransfer send(const SendRequest& wanted) {
        return send_transfer(wanted, sender.identity, &sender.side, context);
    }
    SentTransfer send() { return send(request()); }
    // Sends, but is stopped after that many bytes of the package.
    void send_stopped(const SendRequest& wanted, std::uint64_t after_bytes,
                      const TransferCase* side) {
        StoppingProgress progress(context.interrupted, after_bytes);
        const Context stopping{context.clock, context.random, progress, context.interrupted,
                               context.scratch.path()};
        CHECK(kind_of_error([&] { send_transfer(wanted, sender.identity, side, stopping); }) ==
              ErrorKind::interrupted);
        context.interrupted = false;
    }

    PackageVerifier verifier(Verdict verdict, std::vector<std::string> codes = {}) {
        return [this, verdict, codes](const fs::path& path) {
            ++verified;
            CHECK(fs::file_size(path) == fs::file_size(package));
            return PackageOpinion{verdict, codes};
        };
    }
    ReceivedTransfer receive(const fs::path& source, Verdict verdict = Verdict::total_passed) {
        return receive_transfer({source, output, {}}, {recipient.identity, decrypter}, trust,
                                verifier(verdict), &recipient.side, context);
    }
    ReceivedTransfer receive_without_case(const fs::path& source) {
        return receive_transfer({source, output, {}}, {recipient.identity, decrypter}, trust,
                                verifier(Verdict::total_passed), nullptr, context);
    }
    ClosedTransfer close(const SentTransfer& sent, const std::string& answer = "receipt.json") {
        return close_transfer({sent.offer.transfer, sent.folder}, sent.folder / answer,
                              sender.identity, sender.side, trust, context);
    }
};

inline std::string message_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.message();
    }
    return {};
}

inline void overwrite(const fs::path& path, std::string_view text) {
    fs::remove(path);
    write_new_file(path, as_bytes(text));
}

inline std::string whole(const fs::path& path) { return read_small_file(path, 16 * mib); }

// Replaces the first occurrence in a file.
inline void edit(const fs::path& path, std::string_view from, std::string_view to) {
    std::string text = whole(path);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    overwrite(path, text.replace(at, from.size(), to));
}

inline void flip_byte(const fs::path& path, std::size_t at) {
    std::string text = whole(path);
    text.at(at) = static_cast<char>(text.at(at) ^ 1);
    overwrite(path, text);
}

}  // namespace evidence::test
