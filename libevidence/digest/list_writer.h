// Hash lists in the forms of other tools (digest/list_format.h), as text to be written somewhere.
//
// Thread rule: belongs to one thread.
#pragma once

#include <string>

#include "digest/hash_list.h"
#include "digest/hash_queue.h"
#include "digest/list_format.h"

namespace evidence {

class ListWriter {
public:
    // Error(usage) when the form cannot say what is asked: sha256sum and bagit name no algorithm
    // and take one, hashdeep knows md5, sha1 and sha256, mtree no sha3-256 and blake2b512; nsrl is
    // not written. Only sha256sum and bsd can end lines with a zero byte.
    ListWriter(ListFormat format, std::vector<Algorithm> algorithms, HashLineEnd end);

    // What stands before the first file; `tool` and `version` name who writes it.
    std::string begin(std::string_view tool, std::string_view version) const;
    // nullopt when the form has no way to say this name: a line break in hashdeep, what is not
    // UTF-8 or a control character in dfxml. Precondition: file.outcome is hashed.
    std::optional<std::string> line(const HashedFile& file) const;
    std::string end() const;

private:
    std::string lines_of(const HashedFile& file) const;
    std::optional<std::string> hashdeep_line(const HashedFile& file) const;
    std::string json_line(const HashedFile& file) const;
    std::optional<std::string> dfxml_object(const HashedFile& file) const;
    std::string mtree_line(const HashedFile& file) const;

    ListFormat format_;
    std::vector<Algorithm> algorithms_;
    HashLineEnd end_;
};

}  // namespace evidence
