// A JSON document written entry by entry, so that it may have any number of them:
//
//     {<members before>,"files":[<entry>,<entry>,..],<members after>}
//
// It comes out canonical as long as the caller keeps the order of keys: what stands before the
// array sorts before its key, what is known only at the end sorts after it.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace evidence::cli {

// Standard output; Error(io) when it cannot be written.
void write_output(std::string_view text);

// JSON for programs that people may read on a terminal: nothing in it acts on one.
void write_json(std::string_view json);
void print_document(const Json& document);  // and a newline

// "name" for UTF-8, else "name_bytes" in hexadecimal.
void set_name(Json& entry, std::string_view name);

class JsonStream {
public:
    // `before` is an object, may be empty; nothing is written until the first entry or the end.
    JsonStream(const Json& before, std::string_view array_key);
    void add(const Json& entry);
    void finish(const Json& after);

private:
    std::string next_;  // what stands before the next entry
};

}  // namespace evidence::cli
