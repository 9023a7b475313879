#include "transfer/send_state.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

SendPlan some_plan() {
    SendPlan plan;
    plan.destination = "/media/stick\xff";  // names are bytes
    plan.manifest_sha256 = std::string(64, '1');
    plan.recipients = {std::string(64, '2'), std::string(64, '3')};
    return plan;
}

}  // namespace

TEST_CASE("the same plan goes on with the same transfer, in a case and without") {
    TransferFixture fixture;
    for (const CaseFolder* case_folder :
         {static_cast<const CaseFolder*>(&fixture.sender.case_folder),
          static_cast<const CaseFolder*>(nullptr)}) {
        std::string transfer;
        EnvelopeSecret secret;
        {
            const SendState first =
                SendState::open(some_plan(), fixture.package, case_folder, fixture.context);
            CHECK_FALSE(first.is_resumed());
            transfer = first.transfer();
            secret = first.key().secret();
        }
        SendState second =
            SendState::open(some_plan(), fixture.package, case_folder, fixture.context);
        CHECK(second.is_resumed());
        CHECK(second.transfer() == transfer);
        CHECK(second.key().secret() == secret);
        second.forget();
        const SendState third =
            SendState::open(some_plan(), fixture.package, case_folder, fixture.context);
        CHECK_FALSE(third.is_resumed());
        CHECK(third.transfer() != transfer);
    }
}

TEST_CASE("another plan is another transfer in a case, and refused without one") {
    TransferFixture fixture;
    const auto differs = [&](SendPlan& plan, int what) {
        if (what == 0) plan.destination = "/other";
        if (what == 1) plan.form = PartForm::clear;
        if (what == 2) plan.manifest_sha256 = std::string(64, '9');
        if (what == 3) plan.part_size_bytes = min_part_bytes;
        if (what == 4) plan.recipients.pop_back();
    };
    const SendState in_case =
        SendState::open(some_plan(), fixture.package, &fixture.sender.case_folder, fixture.context);
    const SendState beside =
        SendState::open(some_plan(), fixture.package, nullptr, fixture.context);
    for (int what = 0; what < 5; ++what) {
        CAPTURE(what);
        SendPlan plan = some_plan();
        differs(plan, what);
        CHECK_FALSE(
            SendState::open(plan, fixture.package, &fixture.sender.case_folder, fixture.context)
                .is_resumed());
        const auto open = [&] { SendState::open(plan, fixture.package, nullptr, fixture.context); };
        CHECK(kind_of_error(open) == ErrorKind::exists);
        CHECK(message_of(open).starts_with("another send of this package is unfinished: "));
    }
}

TEST_CASE("one process at a time works on a send") {
    TransferFixture fixture;
    const SendState running =
        SendState::open(some_plan(), fixture.package, nullptr, fixture.context);
    const auto open = [&] {
        SendState::open(some_plan(), fixture.package, nullptr, fixture.context);
    };
    CHECK(kind_of_error(open) == ErrorKind::exists);
    CHECK(message_of(open).starts_with("this send is running already: "));
}

TEST_CASE("a state that is damaged is malformed, not a new transfer") {
    TransferFixture fixture;
    overwrite(fixture.folder / "package.asice.sending", "{}\n");
    CHECK(kind_of_error([&] {
              SendState::open(some_plan(), fixture.package, nullptr, fixture.context);
          }) == ErrorKind::malformed);
}
