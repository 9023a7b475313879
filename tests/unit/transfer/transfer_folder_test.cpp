#include "transfer/transfer_folder.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "test_context.h"

using namespace evidence;

namespace {

ErrorKind refusal_of(const fs::path& folder) {
    try {
        require_transfer_folder(folder);
    } catch (const Error& error) {
        return error.kind();
    }
    FAIL("accepted");
    return ErrorKind::io;
}

}  // namespace

TEST_CASE("a transfer folder is one that holds an offer") {
    const test::TemporaryFolder folder;
    CHECK(refusal_of(folder / "absent") == ErrorKind::not_found);
    CHECK(refusal_of(folder.path()) == ErrorKind::malformed);
    write_new_file(folder / "offer.json", as_bytes("{}\n"));
    CHECK(refusal_of(folder / "offer.json") == ErrorKind::malformed);
    CHECK_NOTHROW(require_transfer_folder(folder.path()));
}

TEST_CASE("statement files and the unfinished folder have their names") {
    CHECK(document_name(StatementKind::offer) == "offer.json");
    CHECK(signature_name(StatementKind::refusal) == "refusal.p7s");
    CHECK(is_transfer_file_name("close.p7s"));
    CHECK(is_transfer_file_name("key.p7m"));
    CHECK_FALSE(is_transfer_file_name("offer.txt"));
    CHECK(unfinished_folder("/media/usb", "abc") == "/media/usb/.abc.partial");
    CHECK(is_unfinished_folder("/media/usb/.abc.partial"));
    CHECK_FALSE(is_unfinished_folder("/media/usb/abc"));
}
