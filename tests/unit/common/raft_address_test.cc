// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_address.h"

#include "tests/support/test.h"

namespace {

using replica::RaftAddress;
using replica::Role;

void an_address_is_read_as_it_was_written() {
    for (const auto& address : {RaftAddress{{"vm-a", {"192.0.2.7", 7101}}, Role::kMember},
                                RaftAddress{{"vm-m", {"::1", 1}}, Role::kVoter},
                                RaftAddress{{"b", {"vm-b.example.org", 65535}}, Role::kMember}}) {
        const auto again = RaftAddress::parse(address.text());
        CHECK_OK(again);
        CHECK(*again == address);
    }
    CHECK_EQ((RaftAddress{{"vm-m", {"2001:db8::1", 7101}}, Role::kVoter}.text()),
             "vm-m@[2001:db8::1]:7101/voter");
}

void what_is_no_address_is_refused_with_a_sentence() {
    for (const char* text :
         {"", "vm-a", "vm-a@h:1", "@h:1/member", "vm-a@:1/member", "vm-a@h/member", "vm-a@h:0/member",
          "vm-a@h:65536/member", "vm-a@h:1x/member", "vm-a@h:1/leader", "VM@h:1/member", "a/member@h:1",
          "vm-a@::1:7101/member", "vm-a@h h:1/member", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@h:1/member"}) {
        const auto address = RaftAddress::parse(text);
        CHECK(!address);
        CHECK(!address.error().text.empty());
    }
}

}  // namespace

GROUP(raft_address, CASE(an_address_is_read_as_it_was_written),
      CASE(what_is_no_address_is_refused_with_a_sentence))
