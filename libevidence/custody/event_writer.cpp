#include "custody/event_writer.h"

#include "base/error.h"
#include "signature/raw_signature.h"

namespace evidence {
namespace {

Event event_of(const EventDraft& draft, const EventAuthor& author, const LedgerPosition& position,
               const Context& context) {
    Event event;
    event.ledger = position.ledger_id;
    event.case_number = position.case_number;
    event.seq = position.seq;
    event.type = draft.type;
    const UtcTime now = context.clock.now();
    event.at = draft.at.value_or(now);
    if (event.at < now) event.recorded_at = now;
    event.zone = context.clock.zone();
    event.clock = context.clock.source();
    event.actor = author.actor;
    event.actor.certificate_sha256.clear();
    event.actor.algorithm.clear();
    if (author.identity) {
        event.actor.certificate_sha256 = author.identity->certificate.fingerprint();
        event.actor.algorithm = raw_algorithm(author.identity->key);
    }
    event.place = draft.place;
    event.reason = draft.reason;
    event.authority = draft.authority;
    event.items = draft.items;
    event.digests_before = draft.digests_before;
    event.digests_after = draft.digests_after;
    event.detail = draft.detail;
    event.nonce = random_hex_128(context.random);
    return event;
}

}  // namespace

void check_draft(const EventDraft& draft, const EventAuthor& author, UtcTime now) {
    require_event_type(draft.type);
    require_plain_text(draft.place, "place");
    require_plain_text(draft.reason, "reason");
    require_plain_text(draft.authority, "authority");
    require_plain_text(author.actor.name, "name of the actor");
    require_plain_text(author.actor.organization, "organization of the actor");
    require_plain_text(author.actor.role, "role of the actor");
    if (draft.at && *draft.at > now) {
        throw Error(ErrorKind::usage, "event lies in the future: " + format_utc(*draft.at) +
                                          " (expected a time that has come)");
    }
    if (author.identity) require_valid_now(*author.identity, now);
}

LedgerLine write_event(const EventDraft& draft, const EventAuthor& author,
                       const LedgerPosition& position, const std::vector<ItemKey>& item_keys,
                       const Context& context) {
    LedgerLine line;
    line.seq = position.seq;
    line.event_bytes = event_bytes(event_of(draft, author, position, context));
    // Nothing enters the ledger that its readers would refuse.
    line.event = parse_event(line.event_bytes, "new event");
    line.event_bytes_digest = sha256(line.event_bytes);
    line.tags = make_tags(item_keys, position.ledger_id, position.seq, context.random);
    line.link = next_link(position.previous_link, event_digest(line.tags, line.event_bytes_digest));
    if (author.identity) {
        line.signature = sign_raw(author.identity->key, as_bytes(signed_message(line.event_bytes)));
        line.signer = line.event->actor.certificate_sha256;
    }
    return line;
}

}  // namespace evidence
