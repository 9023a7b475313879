// Writes the entries of a package in order and keeps account of them: the digest of every file for
// the manifests, the digest of the package itself.
//
// Thread rule: one thread at a time; add_object works with threads of its own inside.
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "digest/sha256_stream.h"
#include "package/content_facts.h"
#include "package/manifests.h"
#include "package/zip_writer.h"

namespace evidence {

// An object to copy and what its acquisition record says about it.
struct RecordedObject {
    std::uint64_t size_bytes = 0;
    DigestSet digests;
    std::uint32_t crc32 = 0;
    std::optional<Sha256> pieces_root;
};

class PackageWriter {
public:
    explicit PackageWriter(ZipWriter::Output output);

    void add(std::string_view name, std::string_view content);
    // Copies a file, or what stands from `offset` on, measured before; Error(refused) quoting the
    // file when it changed since.
    void add_file(std::string_view name, const File& file, const ContentFacts& facts,
                  std::uint64_t offset = 0);
    // Copies an object by several threads and hashes it anew. Error(refused), its message starting
    // with `item`, when the bytes are not those of its acquisition record.
    void add_object(std::string_view name, const File& file, const RecordedObject& facts,
                    std::string_view item, const Context& context);
    // The same of the bytes that stand in a larger file from `offset` on.
    void add_object_at(std::uint64_t offset, std::string_view name, const File& file,
                       const RecordedObject& facts, std::string_view item, const Context& context);

    // Directory and end records. The whole package has been handed to the output after it.
    void finish();

    // The files written so far, in order, and the digest of one of them.
    const std::vector<ListedFile>& files() const { return files_; }
    const Sha256& digest_of(std::string_view name) const;
    std::uint64_t size_bytes() const { return size_bytes_; }
    const Sha256& sha256() const { return sha256_; }  // of the package; after finish()

private:
    void list(std::string_view name, const Sha256& sha256);

    ZipWriter::Output output_;
    bool hashed_elsewhere_ = false;  // a thread of its own hashes what goes to the output
    Sha256Stream package_hasher_;
    ZipWriter zip_;
    std::vector<ListedFile> files_;
    std::uint64_t size_bytes_ = 0;
    Sha256 sha256_{};
};

}  // namespace evidence
