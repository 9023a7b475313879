#include "verification/report_page.h"

#include <doctest/doctest.h>

#include "base/utf8.h"
#include "verification/finding_sentences.h"
#include "verification/page_parts.h"

using namespace evidence;
using namespace std::string_literals;

namespace {

constexpr UtcTime some_time{1'795'310'198'000};
const ReportPageFacts facts{"evidence-verify 0.1.0", {"ca.pem"}};

Event event_with(const std::string& text, std::uint64_t seq) {
    Event event;
    event.seq = seq;
    event.type = text;
    event.at = {some_time.milliseconds + static_cast<std::int64_t>(seq) * 60'000};
    event.actor = {text, text, text, "", ""};
    event.place = event.reason = event.authority = text;
    event.items = {text};
    return event;
}

AcquisitionRecord acquisition_with(const std::string& text) {
    AcquisitionRecord record;
    record.item = text;
    record.size_bytes = 5'000'000;
    record.digests[Algorithm::sha256] = text;
    record.source_member = text;
    record.map = AcquisitionRecord::Map{512, 1};
    record.document = Json::object(
        {{"account", Json::object({{"changed", 1}, {"excluded", 2}, {"failed", 3}, {"seen", 9}})},
         {"authority", text},
         {"completed_at", format_utc(some_time)},
         {"description", text},
         {"operator", Json::object({{"name", text}, {"organization", text}})},
         {"place", text},
         {"source", Json::object({{"model", text}, {"serial", text}})},
         {"started_at", format_utc(some_time)},
         {"tool", Json::object({{"name", text}, {"version", text}})},
         {"write_blocker", text}});
    return record;
}

// A report that says `text` wherever something from evidence may stand.
VerificationReport report_saying(const std::string& text) {
    VerificationReport report;
    report.target = text;
    report.checked_at = some_time;
    report.layers = {Layer::structure,     Layer::content,     Layer::signature,
                     Layer::identity,      Layer::time,        Layer::custody,
                     Layer::outside_heads, Layer::acquisition, Layer::legal};
    for (Layer layer : all_layers) {
        for (Weight weight :
             {Weight::info, Weight::warning, Weight::indeterminate, Weight::failed}) {
            report.findings.add(text, layer, weight, text, text);
        }
    }
    report.package_id = report.manifest_sha256 = report.case_number = report.case_title = text;
    report.sealed_by = Actor{text, text, text, text, text};
    report.signer_subject = report.signer_certificate_sha256 = report.proven_by = text;
    report.created_at = report.signing_time = report.proven_time = some_time;
    report.time_stamps = {{text, some_time, 1, text, text, text, text, true},
                          {text, some_time, std::nullopt, text, text, text, text, false}};
    report.objects = {{text, text, text, text, 0, 5, 0, true},
                      {text, text, text, text, 0, 5, 0, false}};
    report.custody = CustodyFacts{text, 9, 3, 1, text};
    report.items.add(acquisition_with(text));
    for (std::uint64_t seq = 0; seq < 3; ++seq) report.history.add(event_with(text, seq));
    report.signatures = {{text, text, text, some_time, some_time, true},
                         {text, text, text, std::nullopt, std::nullopt, false}};
    report.conditions = Json(Json::Array{Json::object({{"kind", text}, {"text", text}})});
    // One member only: where others stood would depend on the text.
    report.request =
        Json::object({{text, Json(Json::Array{text, 7, true, Json::object({{text, text}})})}});
    report.statements = {{text, *report.request}};
    report.sealing_tool = text;
    return report;
}

// The markup of a page without what is between it; attributes stay.
std::string markup_of(const std::string& page) {
    std::string markup;
    bool inside = false;
    for (const char c : page.substr(page.find("</style>"))) {
        if (c == '<') inside = true;
        if (inside) markup += c;
        if (c == '>') inside = false;
    }
    return markup;
}

// Arabic as far as a page is concerned, and a translator who does not know HTML.
class Arabic : public Translation {
public:
    std::string language() const override { return "ar"; }
    std::string text(const char* english) const override { return "<" + std::string(english); }
};

}  // namespace

TEST_CASE("nothing that evidence says changes the markup of the page") {
    const std::string plain = markup_of(report_page(report_saying("zz"), facts, english()));
    for (const std::string& text :
         {"<script>alert(1)</script>"s, "\"><img src=x onerror=alert(1)>"s, "' onload='x"s,
          "</style></title></svg><h1>"s, "<!--"s, "]]>"s, "&lt;b&gt;&#60;"s, "{subject}{count}"s,
          "a\0b"s, "\u202E\u2066x\u200F"s, "\xff\xfe\xc0\xbc"s, "\x1b]0;x\x07"s, "\n<pre>\r\n"s}) {
        INFO(text);
        const std::string page = report_page(report_saying(text), facts, english());
        const bool same_markup = markup_of(page) == plain;  // a failure is too long to print
        CHECK(same_markup);
        CHECK(is_valid_utf8(page));
        CHECK(page.find('\0') == std::string::npos);
        CHECK(page.find('\x1b') == std::string::npos);
        CHECK(page.find("\u202E") == std::string::npos);
        CHECK(page.find("<script") == std::string::npos);
    }
}

TEST_CASE("every text of evidence is on the page") {
    const std::string page = report_page(report_saying("Nguyễn 移交 مطار"), facts, english());
    std::size_t count = 0;
    for (std::size_t at = 0; (at = page.find("Nguyễn 移交 مطار", at)) != std::string::npos; ++at)
        ++count;
    CHECK(count > 90);
}

TEST_CASE("the page of a very large case stays small and says what it leaves out") {
    VerificationReport report = report_saying("text");
    for (std::uint64_t seq = 0; seq < 10'000; ++seq) {
        Event event = event_with(std::string(5000, '<'), seq);
        event.type = std::string(64, 'a');  // longer ones, and other item ids, no reader accepts
        event.items = {"USB-01"};
        report.history.add(event);
    }
    for (int i = 0; i < 100'000; ++i)
        report.objects.push_back(
            {"data/" + std::string(300, '\x01'), "ITEM", "image", "", 0, 5, 0, true});
    for (int i = 0; i < 5'000; ++i) report.items.add(acquisition_with(std::string(5000, '"')));
    for (int code = 0; code < 200; ++code) {
        for (int i = 0; i < 100; ++i)
            report.findings.add("zip.gap" + std::to_string(code), Layer::structure, Weight::failed,
                                std::string(3000, '&'), std::string(3000, '\xff'));
    }
    report.records = 100'000;
    const std::string page = report_page(report, facts, english());
    CHECK(page.size() < 16 * mib);
    CHECK(page.find("and 99\u202F802 more") != std::string::npos);  // objects
    CHECK(page.find("and 4\u202F951 more") != std::string::npos);   // items
    CHECK(page.find("9\u202F703 events are not shown") != std::string::npos);
}

TEST_CASE("a request of long names and many values makes no long page") {
    VerificationReport report;
    Json many = Json::array(), members = Json::object({});
    for (int i = 0; i < 20'000; ++i) many.push_back(Json(Json::Array{i, Json::Array{i}}));
    for (int i = 0; i < 5'000; ++i) members.set("m" + std::to_string(i), std::string(20, '<'));
    report.request = Json::object({{std::string(200'000, '&'), many}, {"purpose", members}});
    const std::string page = report_page(report, facts, english());
    CHECK(page.size() < 3 * mib);
    CHECK(page.find("The rest is in the document itself.") != std::string::npos);
    report.request = Json::object({{"purpose", "short"}});
    CHECK(report_page(report, facts, english()).find("The rest is in the document itself.") ==
          std::string::npos);
}

TEST_CASE("objects that are not intact are shown before all others") {
    VerificationReport report;
    for (int i = 0; i < 1000; ++i)
        report.objects.push_back({"data/" + std::to_string(i), "", "", "", 0, 5, 0, i != 900});
    const std::string page = report_page(report, facts, english());
    CHECK(page.find("data/900<") < page.find("data/0<"));
}

TEST_CASE("a page in Arabic runs from right to left, and a translation is text like any other") {
    const std::string page = report_page(report_saying("zz"), facts, Arabic());
    CHECK(page.find("<html lang=\"ar\" dir=\"rtl\">") != std::string::npos);
    CHECK(page.find("&lt;Verification report") != std::string::npos);
    CHECK(markup_of(page).size() > 1000);
    CHECK(page.find("<Verification") == std::string::npos);
}

TEST_CASE("a pass does not promise a signature where nobody signed") {
    VerificationReport report;
    report.layers = {Layer::structure, Layer::content};
    CHECK(report_page(report, facts, english()).find("Nobody signed those lists") !=
          std::string::npos);
    report.layers.insert(Layer::identity);
    CHECK(report_page(report, facts, english()).find("Nobody signed those lists") ==
          std::string::npos);
}

TEST_CASE("an empty report still makes a page") {
    const std::string page = report_page(VerificationReport(), {}, english());
    CHECK(page.find("TOTAL-PASSED") != std::string::npos);
    CHECK(page.ends_with("</html>\n"));
}

TEST_CASE("every type of event has words") {
    for (const EventType& type : event_types()) {
        INFO(type.name);
        CHECK(words_for_event(type.name, english()) != type.name);
    }
    CHECK(words_for_event("of_a_newer_version", english()) == "of_a_newer_version");
}

TEST_CASE("a finding code has its sentence, and an unknown one is not given another's") {
    std::string_view before;
    for (const FindingSentence& sentence : finding_sentences()) {
        CHECK(before < sentence.code);
        CHECK(sentence_for(sentence.code, english()) == sentence.english);
        before = sentence.code;
    }
    CHECK(sentence_for("zip.gaq", english()).find("English only") != std::string::npos);
}

TEST_CASE("the drawing stays inside its frame whatever times are claimed") {
    VerificationReport report;
    for (const std::int64_t at : {INT64_MIN / 2, std::int64_t{0}, INT64_MAX / 2}) {
        Event event = event_with("move", 1);
        event.at = {at};
        report.history.add(event);
    }
    const std::string page = report_page(report, facts, english());
    CHECK(page.find("cx=\"2.50%\"") != std::string::npos);
    CHECK(page.find("cx=\"50.00%\"") != std::string::npos);
    CHECK(page.find("cx=\"97.50%\"") != std::string::npos);
}

TEST_CASE("a name of the target is one word in every shell") {
    const auto command_about = [](const std::string& name) {
        VerificationReport report = report_saying("text");
        report.target = name;
        const std::string page = report_page(report, facts, english());
        const std::size_t start = page.find("<code>evidence-verify ") + 22;
        return page.substr(start, page.find(" --trust-anchor", start) - start);
    };
    CHECK(command_about("case-7.asice") == "case-7.asice");
    CHECK(command_about("a b$(x)\\.asice") == "'a b$(x)\\.asice'");
    CHECK(command_about("it's") == "'it'\\''s'");
    // No quote and no backslash that is not of the spelling itself.
    CHECK(command_about("\n'; x #\\") == "$'\\x0a\\x27; x #\\x5c'");
}

TEST_CASE("the last command asks for what was asked for") {
    VerificationReport report = report_saying("text");
    report.target = "p.asice";
    ReportPageFacts asked{"evidence-verify 0.1.0",
                          {"ca.pem"},
                          {"/a/their-tsa.pem"},
                          {"/a/list.crl"},
                          {"/b/head"},
                          {"outside-head", "signers=2"},
                          true};
    const std::string page = report_page(report, asked, english());
    CHECK(page.find("evidence-verify p.asice --trust-anchor ca.pem --tsa-anchor tsa-ca.pem \\\n"
                    "    --crl list.crl \\\n    --head head --require outside-head --require "
                    "'signers=2' --quick</code>") != std::string::npos);
    CHECK(page.find("their-tsa.pem") != std::string::npos);
    CHECK(report_page(report, facts, english()).find("--trust-anchor ca.pem</code>") !=
          std::string::npos);
}
