#include "verification/report_output.h"

#include <doctest/doctest.h>

using namespace evidence;

namespace {

VerificationReport report_with(std::string where) {
    VerificationReport report;
    report.target = "case-7.asice";
    report.layers = {Layer::structure, Layer::content};
    report.findings.add("payload.digest-mismatch", Layer::content, Weight::failed,
                        "the bytes are not those that were sealed", std::move(where));
    return report;
}

}  // namespace

TEST_CASE("the first line of a report is the verdict") {
    const std::string text = report_text(report_with("data/000001.img"), false);
    CHECK(text.starts_with("TOTAL-FAILED: package case-7.asice\n"));
    CHECK(text.find("  structure    holds\n") != std::string::npos);
    CHECK(text.find("  content      FAILED\n") != std::string::npos);
    CHECK(text.find("failed: payload.digest-mismatch: data/000001.img: ") != std::string::npos);
}

TEST_CASE("evidence cannot write to the reader's terminal") {
    const std::string text = report_text(report_with("a\x1b[2Jb\nc\u202Ed"), false);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("a\\x1b[2Jb\\nc\\u{202e}d") != std::string::npos);
}

TEST_CASE("JSON of a report is canonical whatever bytes a name holds") {
    const Json json = report_json(report_with("caf\xe9"));
    CHECK(parse_canonical(canonical(json), "report") == json);
    CHECK(json.at("layers").at("content").string() == "failed");
    CHECK(json.at("layers").at("custody").string() == "not-checked");
    CHECK(json.at("findings").items().at(0).at("where").string() == "caf\\xe9");
}

TEST_CASE("JSON of a report is canonical wherever a time-stamp was found") {
    VerificationReport report = report_with("x");
    VerifiedTimestamp token;
    token.where = "META-INF/caf\xe9";
    report.time_stamps.push_back(token);
    const Json json = report_json(report);
    CHECK(parse_canonical(canonical(json), "report") == json);
}

TEST_CASE("informative findings are shown when asked for") {
    VerificationReport report;
    report.findings.add("timestamp.absent", Layer::time, Weight::info, "only the signer's word");
    CHECK(report_text(report, false).find("timestamp.absent") == std::string::npos);
    CHECK(report_text(report, true).find("timestamp.absent") != std::string::npos);
}

namespace {

class Vietnamese : public Translation {
public:
    std::string language() const override { return "vi"; }
    std::string text(const char* english) const override {
        return std::string_view(english) == "content" ? "nội dung" : english;
    }
};

}  // namespace

TEST_CASE("in another language a sentence of it stands before the message of a finding") {
    const std::string text = report_text(report_with("data/000001.img"), false, Vietnamese());
    CHECK(
        text.starts_with("TOTAL-FAILED: package case-7.asice\n  Something is shown to be wrong\n"));
    CHECK(text.find("  nội dung     FAILED\n") != std::string::npos);
    CHECK(text.find("data/000001.img: The bytes are not those that were recorded: something was "
                    "changed or damaged. (the bytes are not those that were sealed) "
                    "(HASH_FAILURE)\n") != std::string::npos);
}

TEST_CASE("JSON tells items, history and signatures as the page does") {
    VerificationReport report = report_with("x");
    report.custody = CustodyFacts{"l", 2, 0, 0, ""};
    Event event;
    event.type = "move";
    event.actor.name = "caf\xe9";
    event.items = {"USB-01"};
    report.history.add(event);
    AcquisitionRecord record;
    record.item = "USB-01";
    report.items.add(record);
    report.signatures = {
        {"META-INF/signature001.p7s", "CN=x", "00", UtcTime{0}, std::nullopt, true}};
    const Json json = report_json(report);
    CHECK(json.at("items_count").size() == 1);
    CHECK(json.at("items").items().at(0).at("item").string() == "USB-01");
    const Json& told = json.at("custody").at("history").items().at(0);
    CHECK(told.at("actor").string() == "caf\\xe9");
    CHECK(told.at("signed").boolean() == false);
    CHECK(json.at("custody").at("history_omitted").size() == 0);
    CHECK(json.at("signatures").items().at(0).at("intact").boolean());
}
