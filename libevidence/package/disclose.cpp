#include "package/disclose.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "custody/ledger_extract.h"
#include "package/blind_origin.h"
#include "package/disclosed_records.h"
#include "package/disclosure_readme.h"
#include "package/package_layout.h"

namespace evidence {
namespace {

// Those that every disclosure has of its own.
constexpr std::size_t fixed_entries = 28;

// One disclosure on its way: everything is prepared and checked first, then written in one go.
class Disclosing {
public:
    Disclosing(CaseFolder& case_folder, const OriginPackage& origin, const DiscloseRequest& request,
               const SigningIdentity& identity, const EventAuthor& author, const Context& context)
        : ledger_(case_folder.ledger()),
          case_folder_(case_folder),
          origin_(origin),
          request_(request),
          context_(context),
          signing_(request, identity, author, context),
          records_(origin, request.selection, request.kind, context),
          ledger_lines_(context.scratch_folder) {}

    SealedPackage run(const std::function<void(ByteView)>& output) {
        require_onward(ledger_, origin_);
        head_ = ledger_.head();
        records_.read();
        note_items();
        fill_document();
        signing_.try_authority(document_);
        spool_ledger();
        prepare_origin();
        fill_disclosure();
        require_room();
        PackageWriter writer(output);
        context_.progress.start("disclosing", records_.payload_bytes());
        signing_.write_head(
            writer, document_, records_.payload_bytes(),
            disclosure_readme_txt(document_, disclosure_, named_levels()),
            TermsOrigin{disclosure_.origin.package_id, disclosure_.origin.items_root});
        write_objects(writer);
        write_tags(writer);
        signing_.write_end(writer, document_);
        writer.finish();
        context_.progress.finish();
        return describe(writer);
    }

private:
    void note_items();
    void fill_document();
    void spool_ledger();
    std::vector<bool> named_levels() const;
    void prepare_origin();
    void fill_disclosure();
    void require_room() const;
    void write_objects(PackageWriter& writer) const;
    void write_tags(PackageWriter& writer) const;
    SealedPackage describe(const PackageWriter& writer) const;

    Ledger& ledger_;
    CaseFolder& case_folder_;
    const OriginPackage& origin_;
    const DiscloseRequest& request_;
    const Context& context_;
    PackageSigning signing_;
    DisclosedRecords records_;

    PackageDocument document_;
    DisclosureDocument disclosure_;
    CheckpointText head_;          // of the chain, custody/checkpoint
    CheckpointText items_head_;    // of the new item tree
    std::set<std::string> given_;  // items whose record goes along
    std::set<std::string> own_;    // those of them that are items of this case
    Spool ledger_lines_;
    std::set<std::string> signers_;
    std::optional<BlindOrigin> blind_;
    std::vector<GivenFile> origin_files_;
};

// An item of the same name in another case is another item: its key tells.
void Disclosing::note_items() {
    for (const GivenItem& item : records_.items()) {
        given_.insert(item.id);
        const std::optional<ItemRow> row = ledger_.find_item(item.id);
        if (row && to_hex(row->key) == item.item_key) own_.insert(item.id);
    }
}

void Disclosing::fill_document() {
    document_.case_number = case_folder_.details().number;
    document_.case_title = case_folder_.details().title;
    document_.kind = PackageKind::disclosure;
    document_.conditions = origin_.document().conditions;
    for (const Json& condition : request_.conditions.items()) {
        document_.conditions.push_back(condition);
    }
    document_.ledger_id = ledger_.id();
    document_.ledger_link = head_.hash;
    document_.ledger_size = head_.size;
    document_.objects = records_.objects().size();
    document_.records = records_.size();
    signing_.fill(document_);
    items_head_ = {items_origin(document_.id), records_.size(), records_.root()};
    // Conditions come from outside: what readers would refuse must not be signed.
    parse_package_document(format_package_document(document_), "package.json");
}

void Disclosing::spool_ledger() {
    const ExtractFacts facts = extract_ledger(
        ledger_, head_.size, own_, [this](std::string_view line) { ledger_lines_.write(line); },
        MixedEvents::withheld);
    ledger_lines_.finish();
    signers_ = facts.signers;
    if (facts.latest && *facts.latest > document_.created_at) {
        throw Error(ErrorKind::refused,
                    fmt::format("an event is later than now: {} (expected at most {})",
                                format_utc(*facts.latest), format_utc(document_.created_at)),
                    "a package must not be older than the events inside; set this computer's "
                    "clock right");
    }
}

void Disclosing::prepare_origin() {
    if (request_.kind == DisclosureKind::blind) {
        blind_.emplace(origin_, records_, given_, context_);
        origin_files_ = blind_->files();
        return;
    }
    for (const ZipEntry& entry : origin_.entries()) {
        if (entry.name == "mimetype" || is_payload(entry.name)) continue;
        const std::string name = "origin/" + entry.name;
        if (!layout_position(name) || !is_entry_name(name)) {
            throw Error(ErrorKind::unsupported,
                        fmt::format("too many disclosures inside each other (expected at most {})",
                                    max_origin_levels));
        }
        origin_files_.push_back(
            {name, &origin_.file(), entry.data_offset(), origin_.facts_of(entry)});
    }
}

// Whether each original goes along with all of its records, outermost first.
std::vector<bool> Disclosing::named_levels() const {
    std::vector<bool> is_named;
    for (std::size_t level = 0; level < OriginView::levels(origin_); ++level) {
        is_named.push_back(request_.kind == DisclosureKind::named &&
                           OriginView(origin_, level).has_records());
    }
    return is_named;
}

void Disclosing::fill_disclosure() {
    disclosure_.asked = request_.asked;
    disclosure_.authority = request_.authority;
    disclosure_.legal_basis = request_.legal_basis;
    disclosure_.conditions = document_.conditions;
    disclosure_.disclosed = records_.disclosed();
    disclosure_.given = request_.given;
    disclosure_.kind = request_.kind;
    for (const GivenObject& object : records_.objects()) {
        disclosure_.objects.push_back({object.name, object.line});
    }
    disclosure_.of = records_.proofs().size();
    disclosure_.origin = {origin_.document().id, records_.proofs().root(), records_.proofs().size(),
                          std::nullopt};
    if (request_.kind == DisclosureKind::named) {
        const Bytes digest = from_hex(origin_.manifest_sha256()).value();
        std::copy(digest.begin(), digest.end(),
                  disclosure_.origin.manifest_sha256.emplace().begin());
    }
    // Words come from outside: what readers would refuse must not be signed.
    parse_disclosure_document(format_disclosure_document(disclosure_), "disclosure.json");
}

void Disclosing::require_room() const {
    std::size_t entries = fixed_entries + 2 * request_.cosigners.size() + signers_.size() +
                          records_.acquisition_files().size() + origin_files_.size();
    for (const GivenObject& object : records_.objects()) entries += object.pieces ? 2 : 1;
    if (entries <= zip_max_entries) return;
    throw Error(
        ErrorKind::unsupported,
        fmt::format("too much for one disclosure (expected at most {} entries)", zip_max_entries),
        "give it in several disclosures");
}

void Disclosing::write_objects(PackageWriter& writer) const {
    for (const GivenObject& object : records_.objects()) {
        try {
            writer.add_object_at(object.offset, object.name, *object.file, object.facts,
                                 object.what, context_);
        } catch (const Error& error) {
            // A file that stands in for something is the user's own.
            const bool is_of_origin = object.file == &origin_.file();
            if (error.kind() != ErrorKind::refused || !is_of_origin) throw;
            throw Error(error.kind(),
                        "the package does not hold what was sealed: " + error.message(),
                        "evidence-verify says what is wrong with it");
        }
    }
}

void Disclosing::write_tags(PackageWriter& writer) const {
    const auto add = [&writer](const GivenFile& file) {
        writer.add_file(file.name, *file.file, file.facts, file.offset);
    };
    writer.add_file("items.jsonl", records_.lines().file(), records_.lines().facts());
    writer.add("items.checkpoint", format_checkpoint(items_head_));
    for (const GivenObject& object : records_.objects()) {
        if (object.pieces) add(*object.pieces);
    }
    for (const GivenFile& file : records_.acquisition_files()) add(file);
    writer.add_file("custody/ledger.jsonl", ledger_lines_.file(), ledger_lines_.facts());
    writer.add("custody/checkpoint", format_checkpoint(head_));
    for (const std::string& signer : signers_) {
        writer.add("custody/signers/" + signer + ".pem", signer_pem(ledger_.signer_chain(signer)));
    }
    writer.add("disclosure.json", format_disclosure_document(disclosure_));
    for (const GivenFile& file : origin_files_) add(file);
}

SealedPackage Disclosing::describe(const PackageWriter& writer) const {
    SealedPackage package;
    package.id = document_.id;
    package.manifest_sha256 = signing_.manifest_sha256();
    package.file_sha256 = to_hex(writer.sha256());
    package.size_bytes = writer.size_bytes();
    package.objects = document_.objects;
    package.records = document_.records;
    package.items.assign(own_.begin(), own_.end());
    package.cosigned_by = document_.cosigned_by;
    package.created_at = document_.created_at;
    package.ledger_head = head_;
    package.time_stamp = signing_.time_stamp();
    package.disclosure = disclosure_;
    package.passed_over = records_.passed_over();
    return package;
}

Json detail_of(const SealedPackage& package) {
    const DisclosureDocument& disclosure = package.disclosure.value();
    Json detail = Json::object({{"disclosed", disclosure.disclosed},
                                {"file_sha256", package.file_sha256},
                                {"from", disclosure.origin.package_id},
                                {"kind", name_of(disclosure.kind)},
                                {"manifest_sha256", package.manifest_sha256},
                                {"of", disclosure.of},
                                {"package", package.id},
                                {"withheld", disclosure.withheld()}});
    if (!disclosure.asked.empty()) detail.set("asked", disclosure.asked);
    if (!disclosure.legal_basis.empty()) detail.set("legal_basis", disclosure.legal_basis);
    if (disclosure.given) {
        detail.set("given", Json::object({{"name", disclosure.given->name},
                                          {"organization", disclosure.given->organization}}));
    }
    return detail;
}

}  // namespace

SealedPackage disclose(CaseFolder& case_folder, const OriginPackage& origin,
                       const DiscloseRequest& request, const SigningIdentity& identity,
                       const EventAuthor& author, const std::function<void(ByteView)>& output,
                       const Context& context) {
    require_sealing_identity(identity);
    require_valid_now(identity, context.clock.now());
    return Disclosing(case_folder, origin, request, identity, author, context).run(output);
}

std::vector<std::uint64_t> record_disclosure(CaseFolder& case_folder, const SealedPackage& package,
                                             const EventDraft& draft, const EventAuthor& author,
                                             const Context& context) {
    EventDraft event = draft;
    event.type = "disclose";
    event.detail = detail_of(package);
    if (event.authority.empty()) event.authority = package.disclosure->authority;
    return record_package(case_folder, package, event, author, context);
}

}  // namespace evidence
