// The documents of a package say the same things as each other.
#include "verification/package_editor.h"

using namespace evidence;
using test::EditedPackage;
using test::failed_codes;
using test::failures;
using test::PackageEditor;

namespace {

struct Fixture : EditedPackage {
    Fixture() { fixture.add_image("DISK-1", "bytes"); }

    // The codes after a change that the signer himself made: everything else fits.
    std::string changed(const std::function<void(PackageEditor&)>& change) {
        PackageEditor package = seal();
        change(package);
        return failed_codes(reseal_and_verify(package));
    }
    std::string package_changed(const std::function<void(PackageDocument&)>& change) {
        return changed([&](PackageEditor& package) {
            PackageDocument document = parse_package_document(package.at("package.json"), "");
            change(document);
            package.at("package.json") = format_package_document(document);
        });
    }
    std::string terms_changed(const std::string& from, const std::string& to) {
        return changed([&](PackageEditor& package) {
            std::string& terms = package.at("terms.json");
            REQUIRE(terms.find(from) != std::string::npos);
            terms.replace(terms.find(from), from.size(), to);
        });
    }
};

}  // namespace

TEST_CASE("bag-info.txt names the package and its case, or no case at all") {
    Fixture check;
    const auto info = [&](const std::string& from, const std::string& to) {
        return check.changed([&](PackageEditor& package) {
            std::string& text = package.at("bag-info.txt");
            REQUIRE(text.find(from) != std::string::npos);
            text.replace(text.find(from), from.size(), to);
        });
    };
    const std::string sender = "Internal-Sender-Identifier: C-7";
    CHECK(info(sender, sender) == "");
    CHECK(info(sender, "Internal-Sender-Identifier: C-8") == "package.case-differs");
    CHECK(info(sender + "\n", "") == "");
    CHECK(info("External-Identifier: ", "External-Identifier: 0") == "package.id-differs");
}

TEST_CASE("the algorithm that the sealer names fits the key of the signer") {
    Fixture check;
    CHECK(check.package_changed([](PackageDocument&) {}) == "");
    CHECK(check.package_changed([](PackageDocument& document) {
        document.sealed_by.algorithm = "rsa-pss-sha256";
    }) == "package.sealer-differs");
}

TEST_CASE("terms.json repeats what package.json says") {
    Fixture check;
    const auto other_id = [&](std::string PackageDocument::*id, const std::string& other) {
        return check.changed([&](PackageEditor& package) {
            const std::string own = parse_package_document(package.at("package.json"), "").*id;
            std::string& terms = package.at("terms.json");
            REQUIRE(terms.find(own) != std::string::npos);
            terms.replace(terms.find(own), own.size(), other);
        });
    };
    CHECK(other_id(&PackageDocument::id, "00000000-0000-4000-8000-000000000000") ==
          "package.id-differs");
    CHECK(other_id(&PackageDocument::ledger_id, std::string(32, '0')) == "package.ledger-differs");
    CHECK(check.terms_changed("\"conditions\":[]",
                              R"("conditions":[{"kind":"use-limit","text":"none"}])") ==
          "package.conditions-differ");
    CHECK(check.package_changed([](PackageDocument& document) {
        document.created_at.milliseconds += 1000;
    }) == "package.time-differs");
    CHECK(check.terms_changed("\"name\":\"Test Officer\"", "\"name\":\"Somebody Else\"") ==
          "package.sealer-differs");
}
