#include "verification/report_words.h"

#include "base/printable.h"
#include "base/utf8.h"
#include "verification/html_text.h"

namespace evidence {
namespace {

std::string words_about_proof(const VerificationReport& report, const FigureStyle& figures,
                              const Translation& words) {
    if (report.proven_time) {
        return fill(words.text("by {time} it was there, says {authority}"),
                    {{"time", figures.time(*report.proven_time)}, {"authority", report.proven_by}});
    }
    return report.time_stamps.empty() ? words.text("nobody else")
                                      : words.text("no time-stamp that holds");
}

std::string counted_objects(const VerificationReport& report, const FigureStyle& figures,
                            const Translation& words) {
    std::uint64_t bytes = 0;
    for (const VerifiedObject& object : report.objects) bytes += object.size_bytes;
    return fill(
        words.plural("{count} objects, {bytes} bytes, {records} records",
                     "{count} objects, {bytes} bytes, {records} records", report.objects.size()),
        {{"count", figures.number(report.objects.size())},
         {"bytes", figures.number(bytes)},
         {"records", figures.number(report.records)}});
}

std::string counted_events(const CustodyFacts& custody, const FigureStyle& figures,
                           const Translation& words) {
    return fill(
        words.plural("{count} events, {withheld} withheld, {unsigned} unsigned",
                     "{count} events, {withheld} withheld, {unsigned} unsigned", custody.events),
        {{"count", figures.number(custody.events)},
         {"withheld", figures.number(custody.withheld)},
         {"unsigned", figures.number(custody.unsigned_events)}});
}

constexpr const char* kind_names[] = {translatable("package"),   translatable("case"),
                                      translatable("transfer"),  translatable("bag"),
                                      translatable("statement"), translatable("checkpoint")};

// What a pass says depends on what there was to look at.
std::string meaning_of_passed(const VerificationReport& report, const Translation& words) {
    if (report.layers.count(Layer::identity) == 0) {
        return words.text(
            "The files are the ones that its own lists name. Nobody signed those lists: this says "
            "nothing about who made them or when.");
    }
    if (report.kind == TargetKind::package) {
        return words.text(
            "The bytes are the ones that were recorded and signed by the holder of the named "
            "certificate, with the history shown on this page, and that certificate leads to an "
            "authority that the reader chose to trust.");
    }
    if (report.kind == TargetKind::case_folder) {
        return words.text(
            "The files are the ones that the history of the case names, the history is whole and "
            "in order, and at least one of those who signed it leads to an authority that the "
            "reader chose to trust.");
    }
    if (report.kind == TargetKind::transfer) {
        return words.text(
            "The statements of the transfer are what their signers signed, they answer each other, "
            "and what is here is what was offered. The package that was transferred has to be "
            "verified by itself.");
    }
    return words.text(
        "It is what its signer signed, and the signer's certificate leads to an authority that the "
        "reader chose to trust.");
}

std::string ungrouped(std::uint64_t number) { return std::to_string(number); }

}  // namespace

const FigureStyle terminal_figures{format_utc, ungrouped}, page_figures{shown_time, shown_number};

LayerState state_of(const VerificationReport& report, Layer layer) {
    if (report.layers.count(layer) == 0) return LayerState::not_checked;
    switch (report.findings.heaviest(layer)) {
        case Weight::failed:
            return LayerState::failed;
        case Weight::indeterminate:
            return LayerState::not_established;
        case Weight::warning:
            return LayerState::warning;
        case Weight::info:
            break;
    }
    return LayerState::holds;
}

std::string words_for(Layer layer, const Translation& words) {
    switch (layer) {
        case Layer::structure:
            return words.text("structure");
        case Layer::content:
            return words.text("content");
        case Layer::signature:
            return words.text("signature");
        case Layer::identity:
            return words.text("identity");
        case Layer::time:
            return words.text("time");
        case Layer::custody:
            return words.text("custody");
        case Layer::outside_heads:
            return words.text("outside-heads");
        case Layer::acquisition:
            return words.text("acquisition");
        case Layer::legal:
            return words.text("legal");
    }
    return "";
}

std::string words_for(LayerState state, const Translation& words) {
    switch (state) {
        case LayerState::holds:
            return words.text("holds");
        case LayerState::warning:
            return words.text("holds, with a warning");
        case LayerState::not_established:
            return words.text("not established");
        case LayerState::failed:
            return words.text("FAILED");
        case LayerState::not_checked:
            return words.text("not checked");
    }
    return "";
}

std::string words_for(Weight weight, const Translation& words) {
    switch (weight) {
        case Weight::info:
            return words.text("info");
        case Weight::warning:
            return words.text("warning");
        case Weight::indeterminate:
            return words.text("indeterminate");
        case Weight::failed:
            return words.text("failed");
    }
    return "";
}

std::string words_for(TargetKind kind, const Translation& words) {
    for (const char* name : kind_names) {
        if (name_of(kind) == name) return words.text(name);
    }
    return std::string(name_of(kind));
}

std::string words_for(EventGroup group, const Translation& words) {
    switch (group) {
        case EventGroup::acquisition:
            return words.text("Seizure and acquisition");
        case EventGroup::handling:
            return words.text("Handling and examination");
        case EventGroup::sealing:
            return words.text("Sealing");
        case EventGroup::transfer:
            return words.text("Handover");
        case EventGroup::verification:
            return words.text("Verification");
        case EventGroup::legal:
            return words.text("Legal steps");
    }
    return "";
}

std::string question_of(Layer layer, const Translation& words) {
    switch (layer) {
        case Layer::structure:
            return words.text(
                "Is the file exactly what its format says, every byte accounted for?");
        case Layer::content:
            return words.text("Are the bytes those that were recorded?");
        case Layer::signature:
            return words.text("Did the holder of the named key sign it?");
        case Layer::identity:
            return words.text("Is there reason to believe who that was?");
        case Layer::time:
            return words.text("When was it signed, and who says so?");
        case Layer::custody:
            return words.text("Is the history whole, in order and signed?");
        case Layer::outside_heads:
            return words.text("Is it the same history that others hold?");
        case Layer::acquisition:
            return words.text("Was the source read completely, and under which conditions?");
        case Layer::legal:
            return words.text("Are conditions, deadlines and request complete?");
    }
    return "";
}

std::string headline_of(const VerificationReport& report, const Translation& words) {
    switch (report.verdict()) {
        case Verdict::total_passed:
            return words.text("Everything that was checked holds");
        case Verdict::indeterminate:
            return words.text("Nothing is shown to be wrong, but not everything is established");
        case Verdict::total_failed:
            return words.text("Something is shown to be wrong");
    }
    return "";
}

std::string meaning_of(const VerificationReport& report, const Translation& words) {
    switch (report.verdict()) {
        case Verdict::total_passed:
            return meaning_of_passed(report, words);
        case Verdict::indeterminate:
            return words.text(
                "No check failed. But what is listed here could not be established with what was "
                "given, and until it is, this evidence should be relied on only as far as the "
                "single checks go.");
        case Verdict::total_failed:
            return words.text(
                "At least one check failed: something was damaged, changed or wrongly made. Until "
                "the failure is explained, the parts it concerns should not be relied on. What is "
                "listed as intact is what was recorded.");
    }
    return "";
}

std::string words_about(const BagFacts& bag, const Translation& words) {
    std::string algorithms;
    for (const std::string& name : bag.payload_algorithms) algorithms += ", " + name;
    return fill(
        words.text("BagIt {version}, {encoding}{algorithms}; unsigned, so it proves nothing "
                   "about who made it or when"),
        {{"version", bag.version.empty() ? "?" : bag.version},
         {"encoding", bag.encoding.empty() ? "?" : bag.encoding},
         {"algorithms", algorithms}});
}

std::string remark_on(const VerificationReport& report, Layer layer, const FigureStyle& figures,
                      const Translation& words) {
    if (layer == Layer::content && report.bag) {
        return fill(words.text("{files} payload files, {bytes} bytes, {tags} tag files"),
                    {{"files", figures.number(report.bag->payload_files)},
                     {"bytes", figures.number(report.bag->payload_bytes)},
                     {"tags", figures.number(report.bag->tag_files)}});
    }
    if (layer == Layer::content) {
        return report.objects.empty() ? "" : counted_objects(report, figures, words);
    }
    // The certificate's subject, not what the sealer calls himself.
    if (layer == Layer::identity) return report.signer_subject;
    if (layer == Layer::time && report.kind == TargetKind::transfer &&
        report.findings.has("timestamp.valid")) {
        return words.text("time-stamps of authorities");
    }
    if (layer == Layer::time && !report.signing_time && report.kind != TargetKind::package) {
        return words.text("nobody's word but the writers' own");
    }
    if (layer == Layer::time && report.signing_time) {
        return fill(words.text("{time} says the signer; {proof}"),
                    {{"time", figures.time(*report.signing_time)},
                     {"proof", words_about_proof(report, figures, words)}});
    }
    if (layer == Layer::custody && report.custody)
        return counted_events(*report.custody, figures, words);
    return "";
}

Json json_text(std::string_view text) {
    return is_valid_utf8(text) ? Json(text) : Json(printable(text));
}

}  // namespace evidence
