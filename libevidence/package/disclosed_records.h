// The records and objects of a disclosure, found in one pass over the records of the package that
// it is cut from.
//
// Thread rule: one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "package/content_facts.h"
#include "package/disclosure_selection.h"
#include "package/item_proofs.h"
#include "package/item_tree.h"
#include "package/origin_view.h"
#include "package/package_writer.h"
#include "package/record.h"
#include "package/salt_source.h"

namespace evidence {

// A file of the disclosure whose bytes stand somewhere in another file.
struct GivenFile {
    std::string name;
    const File* file = nullptr;  // not owned
    std::uint64_t offset = 0;
    ContentFacts facts;
};

struct GivenObject {
    std::string name;  // "data/000001.bin"
    std::string what;  // for messages: the item
    const File* file = nullptr;
    std::uint64_t offset = 0;
    RecordedObject facts;
    std::optional<GivenFile> pieces;
    std::uint64_t line = 0;  // of its first record, from 1
};

// An item whose record goes along.
struct GivenItem {
    std::string id, item_key;
};

class DisclosedRecords {
public:
    // References are kept. Error(usage) for wishes that contradict each other, Error(not_found) and
    // Error(io) for files that stand in for something.
    DisclosedRecords(const OriginPackage& origin, const DisclosureSelection& selection,
                     DisclosureKind kind, const Context& context);

    // The pass. Error(unsupported) for more objects than a disclosure may have; Error(refused) when
    // the records are not those that were sealed, or what is asked for cannot be given;
    // Error(not_found) for what is not there.
    void read();

    const std::vector<GivenObject>& objects() const { return objects_; }
    const std::vector<GivenItem>& items() const { return items_; }
    const std::vector<GivenFile>& acquisition_files() const { return acquisition_; }
    const Spool& lines() const { return lines_; }  // items.jsonl
    std::uint64_t size() const { return tree_.size(); }
    Sha256 root() { return tree_.finish(); }  // of the new item tree; call once
    std::uint64_t disclosed() const { return disclosed_; }
    std::uint64_t passed_over() const { return chooser_.passed_over(); }
    std::uint64_t payload_bytes() const { return payload_bytes_; }
    const ItemProofs& proofs() const { return proofs_; }  // of the package that is cut from

    // A line for each record of lines(): "<line in items.jsonl of the origin> <v or h> <record>";
    // h for what is replaced, whose record may not be shown.
    const Spool& originals() const { return originals_; }

private:
    void take(std::string_view line, std::uint64_t number);
    RecordLine parse(std::string_view line, std::uint64_t number);
    void give_waiting_item();
    void give_whole(std::string_view line, std::uint64_t number);
    void give_cut(std::string_view line, std::uint64_t number);
    void give_item_record(RecordLine record, std::uint64_t number);
    void give_parts(std::string_view line, std::uint64_t number);
    void give_region(const RecordLine& of, const Sha256& leaf, std::uint64_t first,
                     std::uint64_t end, std::uint64_t number);
    const ZipEntry& piece_list_of(const std::string& object) const;
    void give_replacement(std::string_view line, std::uint64_t number);
    void put(RecordLine line, std::uint64_t number, bool is_hidden);
    GivenObject& new_object(std::string_view extension, std::string what);
    void begin_object(const RecordLine& line);
    void note_item(const RecordLine& line);
    const std::map<std::string, std::string>& acquisition_stems();
    void check_tree();

    const OriginPackage& origin_;
    const DisclosureSelection& selection_;
    const DisclosureKind kind_;
    const Context& context_;
    RecordChooser chooser_;
    SaltSource salts_;
    ItemProofs proofs_;
    ItemTree tree_;
    Spool lines_, originals_;
    std::vector<File> replacement_files_;
    std::vector<std::unique_ptr<Spool>> replacement_pieces_;
    std::vector<GivenObject> objects_;
    std::vector<GivenItem> items_;
    std::vector<GivenFile> acquisition_;
    std::map<std::string, std::string> acquisition_stems_;
    std::string last_object_;          // of the origin, that became objects_.back()
    std::string record_bytes_, text_;  // scratch
    // The record of an item of which nothing was given so far.
    std::string waiting_line_;
    std::uint64_t waiting_number_ = 0;
    std::uint64_t disclosed_ = 0, payload_bytes_ = 0;
};

}  // namespace evidence
