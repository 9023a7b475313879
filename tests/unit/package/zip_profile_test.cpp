#include "package/zip_profile.h"

#include <doctest/doctest.h>

#include "base/hex.h"

using namespace evidence;

TEST_CASE("entry names are letters, digits, dots, dashes and slashes between parts") {
    CHECK(is_entry_name("mimetype"));
    CHECK(is_entry_name("custody/signers/09ab.pem"));
    CHECK(is_entry_name("a_b-c.d/E01"));
    CHECK(is_entry_name(std::string(200, 'a')));
    CHECK_FALSE(is_entry_name(std::string(201, 'a')));
    for (const char* name : {"", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a/.", "a b", "a\\b",
                             "a:b", "th\xc6\xb0", "a\nb"}) {
        CAPTURE(name);
        CHECK_FALSE(is_entry_name(name));
    }
    CHECK_FALSE(is_entry_name(std::string_view("a\0b", 3)));
}

TEST_CASE("a local header has fixed version, flags, method and time") {
    CHECK(to_hex(as_bytes(local_header("ab", 0x01020304, 0xA1B2C3D4))) ==
          "504b03040a00000000000000"
          "2100d4c3b2a1040302010403020102000000"
          "6162");
}

TEST_CASE("a size of 4 GiB - 1 or more stands in a ZIP64 field of the local header") {
    CHECK(local_header("a", 0xFFFFFFFE, 0).size() == 31);
    CHECK(to_hex(as_bytes(local_header("a", 0xFFFFFFFF, 0))) ==
          "504b03042d0000000000000021000000"
          "0000ffffffffffffffff01001400"
          "61"
          "01001000ffffffff00000000ffffffff00000000");
    CHECK(local_header_bytes(1, 0xFFFFFFFF) == 51);
}

TEST_CASE("a directory record holds only those ZIP64 fields it needs") {
    CHECK(to_hex(as_bytes(directory_record({"a", 5, 1, 7}))) ==
          "504b01020a030a0000000000000021000100000005000000050000000100000000000000"
          "00000000a481"
          "0700000061");
    const std::string far = directory_record({"a", 5, 1, 0xFFFFFFFF});
    CHECK(to_hex(as_bytes(far)) ==
          "504b01022d032d0000000000000021000100000005000000050000000100"
          "0c00000000000000"
          "0000a481ffffffff61"
          "01000800ffffffff00000000");
    CHECK(directory_record({"a", 0x100000000, 1, 5}).size() == 46 + 1 + 20);
    CHECK(directory_record({"a", 0x100000000, 1, 0x100000000}).size() == 46 + 1 + 28);
}

TEST_CASE("end records use ZIP64 exactly when the directory needs it") {
    CHECK(to_hex(as_bytes(end_records(3, 10, 20))) ==
          "504b0506000000000300030"
          "00a000000140000000000");
    const std::string large = end_records(65535, 10, 0x100000001);
    CHECK(to_hex(as_bytes(large)) ==
          "504b06062c000000000000002d032d000000000000000000"
          "ffff000000000000ffff0000000000000a000000000000000100000001000000"
          "504b0607000000000b0000000100000001000000"
          "504b050600000000ffffffff0a000000ffffffff0000");
}
