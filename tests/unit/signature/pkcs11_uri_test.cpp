#include "signature/pkcs11_uri.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("a PKCS#11 URI says which token, which object and which module") {
    const Pkcs11Uri uri = parse_pkcs11_uri(
        "pkcs11:token=Office%207;serial=0aF;manufacturer=M;model=X;object=a%3bb;id=%01%aB%Ff;"
        "slot-id=18446744073709551615;type=private?module-path=/usr/lib/a%20b.so");
    CHECK(uri.token == "Office 7");
    CHECK(uri.serial == "0aF");
    CHECK(uri.manufacturer == "M");
    CHECK(uri.model == "X");
    CHECK(uri.object == "a;b");
    CHECK(uri.id == "\x01\xab\xff");
    CHECK(uri.slot_id == 18446744073709551615u);
    CHECK(uri.module_path == "/usr/lib/a b.so");
}

TEST_CASE("what is not said may be anything") {
    for (const char* text : {"pkcs11:", "pkcs11:?module-path=/m.so"}) {
        const Pkcs11Uri uri = parse_pkcs11_uri(text);
        CHECK_FALSE(uri.token);
        CHECK_FALSE(uri.object);
        CHECK_FALSE(uri.id);
        CHECK_FALSE(uri.slot_id);
    }
}

TEST_CASE("what is no PKCS#11 URI is refused") {
    for (const char* text :
         {"", "key.pem", "PKCS11:token=a", "pkcs11:token", "pkcs11:token=a;token=b", "pkcs11:id=%",
          "pkcs11:id=%1", "pkcs11:id=%1g", "pkcs11:slot-id=x", "pkcs11:slot-id=",
          "pkcs11:slot-id=1;slot-id=1", "pkcs11:slot-id=18446744073709551616", "pkcs11:type=public",
          "pkcs11:tokn=a", "pkcs11:token=a?module-name=x", "pkcs11:?module-path=a&module-path=b"}) {
        CAPTURE(text);
        CHECK(kind_of_error([&] { parse_pkcs11_uri(text); }) == ErrorKind::usage);
    }
    CHECK(kind_of_error([] { parse_pkcs11_uri("pkcs11:id=" + std::string(5000, 'a')); }) ==
          ErrorKind::usage);
}

TEST_CASE("a PIN in a URI is refused and never repeated") {
    for (const char* text :
         {"pkcs11:object=a?pin-value=7351", "pkcs11:pin-value=7351;bad",
          "pkcs11:x=%?pin-value=7351", "pkcs11:object=a?pin-source=file:/7351"}) {
        CAPTURE(text);
        try {
            parse_pkcs11_uri(text);
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::usage);
            CHECK(error.message().find("7351") == std::string::npos);
            CHECK(error.hint().find("--key-password") != std::string::npos);
        }
    }
}

TEST_CASE("an attribute goes into a URI and comes back") {
    const std::string all = "Office 7;?&=%\xff\n";
    CHECK(pkcs11_attribute("token", "Office 7") == "token=Office%207");
    CHECK(pkcs11_attribute("id", "a1") == "id=%61%31");
    CHECK(parse_pkcs11_uri("pkcs11:" + pkcs11_attribute("object", all)).object == all);
}
