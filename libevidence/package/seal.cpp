#include "package/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "custody/ledger_extract.h"
#include "package/item_to_seal.h"
#include "package/item_tree.h"
#include "package/package_layout.h"
#include "package/package_writer.h"
#include "package/readme.h"
#include "signature/cms_signature.h"
#include "signature/raw_signature.h"

namespace evidence {
namespace {

// Entries that every package has, those a request and four time-stamp files may add included.
constexpr std::size_t fixed_entries = 24;

std::string day_of(UtcTime time) { return format_utc(time).substr(0, 10); }

// Certificates a reader needs to reach a trust anchor: not the anchor itself.
std::string signer_pem(const std::vector<Certificate>& chain) {
    std::string pem;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        if (i == 0 || !chain[i].is_self_issued()) pem += chain[i].pem();
    }
    return pem;
}

Actor sealing_actor(const EventAuthor& author, const SigningIdentity& identity) {
    Actor actor = author.actor;
    actor.certificate_sha256 = identity.certificate.fingerprint();
    actor.algorithm = raw_algorithm(identity.key);
    return actor;
}

// One package on its way: everything is prepared and checked first, then written in one go.
class Sealing {
public:
    Sealing(CaseFolder& case_folder, const SealRequest& request, const SigningIdentity& identity,
            const EventAuthor& author, const Context& context)
        : case_folder_(case_folder),
          request_(request),
          identity_(identity),
          context_(context),
          ledger_lines_(context.scratch_folder),
          record_lines_(context.scratch_folder) {
        document_.sealed_by = sealing_actor(author, identity);
        // What speaks against signing is found before the work.
        revocation_lists_of(identity);
        for (const SigningIdentity& cosigner : request.cosigners) revocation_lists_of(cosigner);
    }

    SealedPackage run(const std::function<void(ByteView)>& output) {
        prepare_items();
        fill_document();
        check_events();
        try_authority();
        spool_ledger();
        spool_records();
        PackageWriter writer(output);
        context_.progress.start("sealing", payload_bytes_);
        write_head(writer);
        write_objects(writer);
        write_tags(writer);
        write_manifests_and_signatures(writer);
        add_time_stamps(writer);
        writer.finish();
        context_.progress.finish();
        return describe(writer);
    }

private:
    const Ledger& ledger() const { return case_folder_.ledger(); }
    void prepare_items();
    void fill_document();
    void check_events() const;
    void require_not_later(const Event& event) const;
    void spool_ledger();
    void spool_records();
    void write_head(PackageWriter& writer) const;
    void write_objects(PackageWriter& writer) const;
    void write_tags(PackageWriter& writer) const;
    void write_manifests_and_signatures(PackageWriter& writer);
    void try_authority() const;
    void add_time_stamps(PackageWriter& writer);
    Bytes time_stamped(const Bytes& signature, const std::string& manifest) const;
    void require_in_order(const Timestamp& stamp) const;
    std::vector<RevocationList> revocation_lists_of(const SigningIdentity& by) const;
    void sign(PackageWriter& writer, std::string_view manifest_name,
              std::string_view signature_name, const std::string& manifest,
              const SigningIdentity& by) const;
    void cosign(PackageWriter& writer) const;
    std::string bag_info() const;
    std::vector<std::string> expert_witness_set() const;
    SealedPackage describe(const PackageWriter& writer) const;

    CaseFolder& case_folder_;
    const SealRequest& request_;
    const SigningIdentity& identity_;
    const Context& context_;

    PackageDocument document_;
    CheckpointText head_;        // of the chain, custody/checkpoint
    CheckpointText items_head_;  // of the item tree, items.checkpoint
    std::vector<ItemToSeal> items_;
    std::set<std::string> item_ids_;
    std::uint64_t objects_ = 0, payload_bytes_ = 0;
    Spool ledger_lines_, record_lines_;
    std::set<std::string> signers_;
    std::string manifest_sha256_;
    std::optional<TimestampFacts> time_stamp_;
};

void Sealing::prepare_items() {
    head_ = ledger().head();
    const SealHistory history = read_seal_history(ledger(), head_.size);
    std::size_t entries = fixed_entries + 2 * request_.cosigners.size();
    for (const ItemRow& row : select_items(ledger(), history, request_.selection, request_.items)) {
        context_.check_interrupted();
        items_.push_back(
            prepare_item(case_folder_, row, history.acquired.at(row.id), objects_ + 1));
        const ItemToSeal& item = items_.back();
        item_ids_.insert(item.id);
        objects_ += item.objects.size();
        for (const ObjectToSeal& object : item.objects) payload_bytes_ += object.facts.size_bytes;
        entries += item.entries();
    }
    if (entries > zip_max_entries) {
        throw Error(ErrorKind::unsupported,
                    fmt::format("too many items for one package: {} (expected at most {} entries)",
                                items_.size(), zip_max_entries),
                    "seal them in several packages with --item");
    }
    document_.previous = history.previous;
}

void Sealing::fill_document() {
    document_.case_number = case_folder_.details().number;
    document_.case_title = case_folder_.details().title;
    document_.conditions = request_.conditions;
    for (const SigningIdentity& cosigner : request_.cosigners) {
        document_.cosigned_by.push_back(cosigner.certificate.fingerprint());
    }
    document_.created_at = context_.clock.now();
    require_cosigners(identity_, request_.cosigners, document_.created_at);
    document_.id = random_uuid(context_.random);
    document_.ledger_id = ledger().id();
    document_.ledger_link = head_.hash;
    document_.ledger_size = head_.size;
    document_.objects = objects_;
    document_.timestamp = request_.timestamp;
    document_.tool_name = request_.tool_name;
    document_.tool_version = request_.tool_version;
    // Conditions come from outside: what readers would refuse must not be signed.
    parse_package_document(format_package_document(document_), "package.json");
    require_valid_now(identity_, document_.created_at);
}

// What readers would refuse must not be signed.
void Sealing::check_events() const {
    const auto is_inside = [this](const std::string& item) { return item_ids_.contains(item); };
    ledger().visit(0, head_.size, [&](const LedgerLine& line) {
        const Event& event = line.event.value();
        if (is_shown(event, item_ids_)) return require_not_later(event);
        const auto inside = std::find_if(event.items.begin(), event.items.end(), is_inside);
        if (inside == event.items.end()) return;
        const auto outside = std::find_if_not(event.items.begin(), event.items.end(), is_inside);
        throw Error(ErrorKind::refused,
                    fmt::format("event {} concerns {} and {} (expected both in the package or "
                                "none)",
                                event.seq, *inside, *outside),
                    "seal them together: the event can be neither shown nor withheld");
    });
}

void Sealing::require_not_later(const Event& event) const {
    const UtcTime latest = std::max(event.at, event.recorded_at.value_or(event.at));
    if (latest <= document_.created_at) return;
    throw Error(ErrorKind::refused,
                fmt::format("event {} is later than now: {} (expected at most {})", event.seq,
                            format_utc(latest), format_utc(document_.created_at)),
                "a package must not be older than the events inside; set this computer's clock "
                "right");
}

void Sealing::spool_ledger() {
    const ExtractFacts facts =
        extract_ledger(ledger(), head_.size, item_ids_,
                       [this](std::string_view line) { ledger_lines_.write(line); });
    ledger_lines_.finish();
    signers_ = facts.signers;
}

void Sealing::spool_records() {
    ItemTree tree(context_.scratch_folder);
    std::string text;
    for (const ItemToSeal& item : items_) {
        context_.check_interrupted();
        make_records(item, context_.random, [&](const RecordLine& line) {
            const std::string_view record_bytes = format_record_line(line, text);
            tree.add(record_bytes);
            record_lines_.write(text);
        });
    }
    record_lines_.finish();
    document_.records = tree.size();
    items_head_.origin = items_origin(document_.id);
    items_head_.size = tree.size();
    items_head_.hash = tree.finish();
}

std::string Sealing::bag_info() const {
    BagInfo info;
    info.software_agent = request_.tool_name + " " + request_.tool_version;
    info.bagging_date = day_of(document_.created_at);
    info.external_identifier = document_.id;
    info.internal_sender_identifier = document_.case_number;
    info.source_organization = document_.sealed_by.organization;
    info.payload_bytes = payload_bytes_;
    info.payload_files = objects_;
    return bag_info_txt(info);
}

// The first with more than one file.
std::vector<std::string> Sealing::expert_witness_set() const {
    std::vector<std::string> names;
    for (const ItemToSeal& item : items_) {
        if (item.objects.size() < 2 || !item.objects.front().name.ends_with(".E01")) continue;
        for (const ObjectToSeal& object : item.objects) names.push_back(object.name);
        break;
    }
    return names;
}

void Sealing::write_head(PackageWriter& writer) const {
    TermsDocument terms;
    terms.conditions = document_.conditions;
    terms.created_at = document_.created_at;
    terms.ledger_id = document_.ledger_id;
    terms.package_id = document_.id;
    terms.sealer_certificate_sha256 = document_.sealed_by.certificate_sha256;
    terms.sealer_name = document_.sealed_by.name;
    terms.sealer_organization = document_.sealed_by.organization;

    writer.add("mimetype", package_mimetype);
    writer.add("bagit.txt", bagit_txt);
    writer.add("bag-info.txt", bag_info());
    writer.add("README.txt", readme_txt(document_, expert_witness_set()));
    writer.add("package.json", format_package_document(document_));
    writer.add("terms.json", format_terms_document(terms));
    if (!request_.request.is_null()) {
        writer.add("request.json", canonical(request_.request) + "\n");
    }
}

void Sealing::write_objects(PackageWriter& writer) const {
    for (const ItemToSeal& item : items_) {
        for (const ObjectToSeal& object : item.objects) {
            writer.add_object(object.name, File::open_read(object.path), object.facts, item.id,
                              context_);
        }
    }
}

void Sealing::write_tags(PackageWriter& writer) const {
    writer.add_file("items.jsonl", record_lines_.file(), record_lines_.facts());
    writer.add("items.checkpoint", format_checkpoint(items_head_));
    const auto add = [&writer](const SideFile& file) {
        writer.add_file(file.name, File::open_read(file.path), file.facts, file.offset);
    };
    for (const ItemToSeal& item : items_) {
        for (const ObjectToSeal& object : item.objects) {
            if (object.pieces) add(*object.pieces);
        }
    }
    for (const ItemToSeal& item : items_) {
        for (const SideFile& file : item.acquisition) add(file);
    }
    writer.add_file("custody/ledger.jsonl", ledger_lines_.file(), ledger_lines_.facts());
    writer.add("custody/checkpoint", format_checkpoint(head_));
    for (const std::string& signer : signers_) {
        writer.add("custody/signers/" + signer + ".pem", signer_pem(ledger().signer_chain(signer)));
    }
}

void Sealing::write_manifests_and_signatures(PackageWriter& writer) {
    const auto listed = [&writer](bool (*belongs)(std::string_view)) {
        std::vector<ListedFile> files;
        std::copy_if(writer.files().begin(), writer.files().end(), std::back_inserter(files),
                     [belongs](const ListedFile& file) { return belongs(file.name); });
        return files;
    };
    writer.add("manifest-sha256.txt", bag_manifest(listed(is_payload)));
    writer.add("tagmanifest-sha256.txt", bag_manifest(listed(is_in_tagmanifest)));
    const std::string whole = asic_manifest(signature_001, listed(is_in_manifest_001));
    manifest_sha256_ = sha256_hex(whole);
    sign(writer, manifest_001, signature_001, whole, identity_);

    std::vector<ListedFile> heads;
    for (const std::string_view name : names_in_manifest_002) {
        heads.push_back({std::string(name), writer.digest_of(name)});
    }
    sign(writer, manifest_002, signature_002, asic_manifest(signature_002, heads), identity_);
    cosign(writer);
}

// Before any time-stamp, and over what 001 lists.
void Sealing::cosign(PackageWriter& writer) const {
    std::vector<ListedFile> files;
    std::copy_if(writer.files().begin(), writer.files().end(), std::back_inserter(files),
                 [](const ListedFile& file) { return is_in_manifest_001(file.name); });
    for (std::size_t i = 0; i < request_.cosigners.size(); ++i) {
        context_.check_interrupted();
        const std::string name = cosignature_name(i);
        sign(writer, cosignature_manifest(i), name, asic_manifest(name, files),
             request_.cosigners[i]);
    }
}

std::vector<RevocationList> Sealing::revocation_lists_of(const SigningIdentity& by) const {
    if (request_.revocation_lists.empty()) return {};
    return revocation_lists_for(by, request_.revocation_lists, context_.clock.now());
}

void Sealing::sign(PackageWriter& writer, std::string_view manifest_name,
                   std::string_view signature_name, const std::string& manifest,
                   const SigningIdentity& by) const {
    Bytes signature =
        sign_detached(as_bytes(manifest), by, document_.created_at, revocation_lists_of(by));
    if (request_.signature_time_stamps) signature = time_stamped(signature, manifest);
    writer.add(manifest_name, manifest);
    writer.add(signature_name, as_text(signature));
}

// Copying may take hours: whatever is wrong with the authority is better found before.
void Sealing::try_authority() const {
    if (request_.timestamp != TimestampPolicy::included) return;
    require_in_order(
        request_timestamp(*request_.authority, as_bytes(document_.id), context_.random));
}

// The last thing before the directory: an authority that does not answer leaves no package behind.
void Sealing::add_time_stamps(PackageWriter& writer) {
    if (request_.timestamp != TimestampPolicy::included) return;
    for (const TimestampNames& names : time_stamp_names) {
        context_.check_interrupted();
        std::vector<ListedFile> files;
        for (const std::string_view name : names.covered) {
            files.push_back({std::string(name), writer.digest_of(name)});
        }
        const std::string manifest = asic_manifest(names.token, files);
        const Timestamp stamp =
            request_timestamp(*request_.authority, as_bytes(manifest), context_.random);
        require_in_order(stamp);
        writer.add(names.manifest, manifest);
        writer.add(names.token, as_text(stamp.token));
        if (!time_stamp_) time_stamp_ = stamp.facts;
    }
}

// Level B-T: the token goes into the signature file before anything covers that.
Bytes Sealing::time_stamped(const Bytes& signature, const std::string& manifest) const {
    const DetachedSignature made = check_detached(signature, as_bytes(manifest), "new signature");
    const Timestamp stamp =
        request_timestamp(*request_.authority, made.signature_value, context_.random);
    require_in_order(stamp);
    return with_time_stamp(signature, stamp.token);
}

// What readers would find inconsistent must not be written.
void Sealing::require_in_order(const Timestamp& stamp) const {
    if (document_.created_at.milliseconds <=
        stamp.facts.time.milliseconds + time_stamp_tolerance_ms) {
        return;
    }
    throw Error(ErrorKind::refused,
                fmt::format("the time-stamp from {} is older than what it is about: {} (expected "
                            "{} or later)",
                            request_.authority->name, format_utc(stamp.facts.time),
                            format_utc(document_.created_at)),
                "set this computer's clock right, or ask another authority");
}

SealedPackage Sealing::describe(const PackageWriter& writer) const {
    SealedPackage package;
    package.id = document_.id;
    package.manifest_sha256 = manifest_sha256_;
    package.file_sha256 = to_hex(writer.sha256());
    package.size_bytes = writer.size_bytes();
    package.objects = document_.objects;
    package.records = document_.records;
    for (const ItemToSeal& item : items_) package.items.push_back(item.id);
    package.cosigned_by = document_.cosigned_by;
    package.created_at = document_.created_at;
    package.ledger_head = head_;
    package.time_stamp = time_stamp_;
    return package;
}

bool has_checkpoint(const Ledger& ledger, const CheckpointRow& wanted) {
    const std::vector<CheckpointRow> rows = ledger.checkpoints();
    return std::any_of(rows.begin(), rows.end(), [&wanted](const CheckpointRow& row) {
        return row.text == wanted.text && row.made_at == wanted.made_at;
    });
}

}  // namespace

SealedPackage seal(CaseFolder& case_folder, const SealRequest& request,
                   const SigningIdentity& identity, const EventAuthor& author,
                   const std::function<void(ByteView)>& output, const Context& context) {
    require_sealing_identity(identity);
    require_valid_now(identity, context.clock.now());
    return Sealing(case_folder, request, identity, author, context).run(output);
}

std::vector<std::uint64_t> record_seal(CaseFolder& case_folder, const SealedPackage& package,
                                       const EventDraft& draft, const EventAuthor& author,
                                       const Context& context) {
    Ledger& ledger = case_folder.ledger();
    const std::set<std::string> known = items_recorded_as_sealed(ledger, package.id);
    EventDraft event = draft;
    event.type = "seal";
    event.detail = Json::object({{"file_sha256", package.file_sha256},
                                 {"manifest_sha256", package.manifest_sha256},
                                 {"package", package.id}});
    for (const std::string& item : package.items) {
        if (!known.contains(item)) event.items.push_back(item);
    }
    LedgerEnclosures enclosures;
    const CheckpointRow checkpoint{package.ledger_head, package.created_at, {}};
    if (!has_checkpoint(ledger, checkpoint)) enclosures.checkpoint = checkpoint;
    std::vector<std::uint64_t> numbers;
    if (event.items.empty()) {
        if (enclosures.checkpoint) ledger.add_checkpoint(checkpoint);
        return numbers;
    }
    for (const LedgerLine& line : ledger.append_each(event, author, context, enclosures)) {
        numbers.push_back(line.seq);
    }
    return numbers;
}

}  // namespace evidence
