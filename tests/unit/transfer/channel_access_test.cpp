#include "transfer/channel_access.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

unsigned mode_of(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
}

}  // namespace

TEST_CASE("what is sent can be read by those who can read the channel, and answered by writers") {
    TransferFixture transfer;
    fs::permissions(transfer.channel, fs::perms(0770));
    const SentTransfer sent = transfer.send();
    CHECK(mode_of(sent.folder) == 0770);
    for (const char* name : {"offer.json", "offer.p7s", "parts.txt", "key.p7m"}) {
        CAPTURE(name);
        CHECK(mode_of(sent.folder / name) == 0640);
    }
    transfer.receive(sent.folder);
    CHECK(mode_of(sent.folder / "receipt.json") == 0640);
    CHECK(mode_of(transfer.sender.case_folder.folder() / "transfers" / sent.folder.filename() /
                  "offer.json") == 0600);
}

TEST_CASE("a private channel stays private, and a public one does not let others change files") {
    TransferFixture transfer;
    fs::permissions(transfer.channel, fs::perms(0700));
    const SentTransfer hidden = transfer.send();
    CHECK(mode_of(hidden.folder) == 0700);
    CHECK(mode_of(hidden.folder / "offer.json") == 0600);

    TransferFixture open;
    fs::permissions(open.channel, fs::perms(01777));
    const SentTransfer sent = open.send();
    CHECK(mode_of(sent.folder) == 01777);
    CHECK(mode_of(sent.folder / "offer.json") == 0644);
}
