// The words a report is told in, for the terminal and the page alike: verdicts, layers, their
// state, events. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/translation.h"
#include "verification/report.h"

namespace evidence {

inline constexpr Layer all_layers[] = {Layer::structure,     Layer::content,     Layer::signature,
                                       Layer::identity,      Layer::time,        Layer::custody,
                                       Layer::outside_heads, Layer::acquisition, Layer::legal};

enum class LayerState { holds, warning, not_established, failed, not_checked };

LayerState state_of(const VerificationReport& report, Layer layer);

// Translated, plain text.
std::string words_for(Layer layer, const Translation& words);       // "structure"
std::string words_for(LayerState state, const Translation& words);  // "not established"
std::string words_for(Weight weight, const Translation& words);     // "warning"
std::string words_for(TargetKind kind, const Translation& words);   // "package"
std::string words_for(EventGroup group, const Translation& words);  // "Transfer"
std::string question_of(Layer layer, const Translation& words);     // "Are the bytes those .."
std::string headline_of(const VerificationReport& report, const Translation& words);
std::string meaning_of(const VerificationReport& report, const Translation& words);

// "BagIt 0.97, UTF-8, md5; unsigned, ..". Quotes evidence raw.
std::string words_about(const BagFacts& bag, const Translation& words);

// How times and numbers are written: for a terminal, where they are looked up and computed with, or
// for a page.
struct FigureStyle {
    std::string (*time)(UtcTime);
    std::string (*number)(std::uint64_t);
};
extern const FigureStyle terminal_figures, page_figures;

// What a layer amounts to, in a few words; empty when there is nothing to add. Quotes evidence raw.
std::string remark_on(const VerificationReport& report, Layer layer, const FigureStyle& figures,
                      const Translation& words);

// Text from a target may be any bytes; JSON wants UTF-8.
Json json_text(std::string_view text);

}  // namespace evidence
