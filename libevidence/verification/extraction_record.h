// extraction.json: what an extraction did with every name in a package
// (schemas/extraction.schema.json). Written entry by entry, so that it may have any number of them.
//
// Thread rule: belongs to one thread.
#pragma once

#include <string>

#include "base/file.h"
#include "base/json.h"

namespace evidence {

inline constexpr std::string_view extraction_record_name = "extraction.json";

class ExtractionRecord {
public:
    explicit ExtractionRecord(File file);

    // {"entry":..,"item":..,"result":..}: an object.
    void add(const Json& entry);
    // `after`: the other members of the document; their keys sort behind "entries".
    void finish(const Json& after);

private:
    void write(std::string_view text);
    void flush();

    File file_;
    std::string buffer_;
    bool is_first_ = true;
};

}  // namespace evidence
