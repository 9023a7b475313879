#include "cli/json_stream.h"

#include <cstdio>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "base/utf8.h"

namespace evidence::cli {

void write_output(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
        throw Error(ErrorKind::io, "cannot write: standard output");
    }
}

void write_json(std::string_view json) { write_output(printable_json(json)); }

void print_document(const Json& document) {
    write_json(canonical(document));
    write_output("\n");
}

void set_name(Json& entry, std::string_view name) { set_text_or_bytes(entry, "name", name); }

JsonStream::JsonStream(const Json& before, std::string_view array_key) {
    next_ = canonical(before);
    next_.pop_back();
    if (next_ != "{") next_ += ',';
    append_canonical_string(next_, array_key);
    next_ += ":[";
}

void JsonStream::add(const Json& entry) {
    write_json(next_);
    write_json(canonical(entry));
    next_ = ",";
}

void JsonStream::finish(const Json& after) {
    if (next_ != ",") write_json(next_);
    write_output("],");
    write_json(std::string_view(canonical(after)).substr(1));
    write_output("\n");
}

}  // namespace evidence::cli
