// SPDX-License-Identifier: AGPL-3.0-or-later
#include "asn1/aper.h"

#include <cstdlib>
#include <cstring>

extern "C" {
#include <SBCAP-Criticality-Diagnostics.h>
#include <SBCAP-Global-ENB-ID.h>
#include <SBCAP-Omc-Id.h>
#include <SBCAP-TAI.h>
#include <SBCAP-Warning-Area-List.h>
#include <SBCAP-Warning-Message-Content.h>
}

#include "tests/support/test.h"

namespace {

using base::DecodeError;

// Two cells of one network (TS 29.168; dissected by Wireshark without an error).
constexpr const char* kTwoCells = "0000010000f1100019b01000f1100019b020";

base::Bytes hex(const char* text) { return *base::from_hex(text); }

// A string on a buffer that the caller keeps.
OCTET_STRING_t view(base::Bytes& octets) { return {octets.data(), static_cast<int>(octets.size()), {}}; }

void decodes_and_encodes_a_list_of_cells() {
    const auto list =
        asn1::decode_as<SBCAP_Warning_Area_List_t>(asn_DEF_SBCAP_Warning_Area_List, hex(kTwoCells));
    CHECK_OK(list);
    CHECK_EQ((*list)->present, SBCAP_Warning_Area_List_PR_cell_ID_List);
    CHECK_EQ((*list)->choice.cell_ID_List.list.count, 2);
    const auto again = asn1::encode(asn_DEF_SBCAP_Warning_Area_List, list->get());
    CHECK_OK(again);
    CHECK_EQ(base::to_hex(*again), std::string(kTwoCells));
}

void every_cut_is_refused() {
    const auto whole = hex(kTwoCells);
    for (size_t octets = 0; octets < whole.size(); ++octets) {
        const auto cut = asn1::decode(asn_DEF_SBCAP_Warning_Area_List, base::ByteView(whole).first(octets));
        CHECK(!cut);
        CHECK_EQ(cut.error().kind, DecodeError::Kind::kTruncated);
        CHECK(cut.error().offset <= octets);
    }
}

void what_follows_is_refused() {
    auto longer = hex(kTwoCells);
    longer.push_back(0);
    const auto read = asn1::decode(asn_DEF_SBCAP_Warning_Area_List, longer);
    CHECK(!read);
    CHECK_EQ(read.error().kind, DecodeError::Kind::kTrailing);
}

void the_error_names_the_member() {
    // The second cell ends after its network.
    const auto read = asn1::decode(asn_DEF_SBCAP_Warning_Area_List, hex("0000010000f1100019b01000f110"));
    CHECK(!read);
    CHECK_EQ(read.error().field, std::string("SBCAP-Warning-Area-List.cell-ID-List.[1].cell-ID"));
}

void a_count_that_the_rest_cannot_hold_costs_nothing() {
    // 65,535 cells are announced, one octet follows.
    const auto read = asn1::decode(asn_DEF_SBCAP_Warning_Area_List, hex("00fffe00"));
    CHECK(!read);
    CHECK_EQ(read.error().kind, DecodeError::Kind::kTruncated);
}

void a_choice_of_a_later_version_is_read_over() {
    // Extension alternative 0 of Warning-Area-List, an open type of two octets.
    const auto list =
        asn1::decode_as<SBCAP_Warning_Area_List_t>(asn_DEF_SBCAP_Warning_Area_List, hex("8002abcd"));
    CHECK_OK(list);
    CHECK_EQ((*list)->present, SBCAP_Warning_Area_List_PR_NOTHING);
    CHECK(!asn1::encode(asn_DEF_SBCAP_Warning_Area_List, list->get()));
}

void additions_of_a_later_version_are_read_over() {
    // Criticality-Diagnostics with nothing but one addition behind its extension marker: two octets.
    const auto read = asn1::decode_as<SBCAP_Criticality_Diagnostics_t>(asn_DEF_SBCAP_Criticality_Diagnostics,
                                                                       hex("800402abcd"));
    CHECK_OK(read);
    CHECK((*read)->procedureCode == nullptr);
}

void an_alternative_behind_the_marker_goes_both_ways() {
    // Long macro eNB identity, 21 bits (X.691 §23.8: an open type).
    const char* text = "0000f1108103abcde8";
    const auto node = asn1::decode_as<SBCAP_Global_ENB_ID_t>(asn_DEF_SBCAP_Global_ENB_ID, hex(text));
    CHECK_OK(node);
    CHECK_EQ((*node)->eNB_ID.present, SBCAP_ENB_ID_PR_long_macroENB_ID);
    CHECK_EQ((*node)->eNB_ID.choice.long_macroENB_ID.bits_unused, 3);
    const auto again = asn1::encode(asn_DEF_SBCAP_Global_ENB_ID, node->get());
    CHECK_OK(again);
    CHECK_EQ(base::to_hex(*again), std::string(text));
}

void a_string_of_1230_octets_has_two_aligned_octets_of_length() {
    base::Bytes octets(1230, 0x5a);
    auto string = view(octets);
    const auto encoded = asn1::encode(asn_DEF_SBCAP_Warning_Message_Content, &string);
    CHECK_OK(encoded);
    CHECK_EQ(encoded->size(), size_t{1232});
    CHECK_EQ(base::to_hex(base::ByteView(*encoded).first(3)), std::string("04cd5a"));
}

void sizes_beyond_the_type_are_refused() {
    base::Bytes octets(21, 1);
    auto string = view(octets);
    const auto encoded = asn1::encode(asn_DEF_SBCAP_Omc_Id, &string);
    CHECK(!encoded);
    CHECK_EQ(encoded.error().text, std::string("SBCAP-Omc-Id has size 21, not in 1..20"));
}

void a_missing_member_is_named() {
    SBCAP_Warning_Area_List_t list{};
    list.present = SBCAP_Warning_Area_List_PR_tracking_Area_List_for_Warning;
    SBCAP_TAI_t tai{};
    SBCAP_TAI_t* items[] = {&tai};
    list.choice.tracking_Area_List_for_Warning.list.array = items;
    list.choice.tracking_Area_List_for_Warning.list.count = 1;
    const auto encoded = asn1::encode(asn_DEF_SBCAP_Warning_Area_List, &list);
    CHECK(!encoded);
    CHECK_EQ(
        encoded.error().text,
        std::string("SBCAP-Warning-Area-List.tracking-Area-List-for-Warning.[0].pLMNidentity has size 0, "
                    "not in 3..3"));
}

void long_open_types_come_in_fragments() {
    base::Bytes plmn{0x00, 0xf1, 0x10};
    base::Bytes tac{0x00, 0x01};
    for (const size_t size : {size_t{127}, size_t{128}, size_t{16383}, size_t{16384}, size_t{16385},
                              size_t{65536}, size_t{200000}}) {
        base::Bytes contents(size);
        for (size_t i = 0; i < size; ++i) contents[i] = static_cast<uint8_t>(i * 7);
        SBCAP_IE_Extension_t extension{4711, SBCAP_Criticality_ignore, {}, {}};
        extension.value.buf = contents.data();
        extension.value.size = static_cast<int>(size);
        SBCAP_IE_Extension_t* items[] = {&extension};
        SBCAP_IE_Extensions_t extensions{};
        extensions.list.array = items;
        extensions.list.count = 1;
        SBCAP_TAI_t tai{view(plmn), view(tac), &extensions, {}};
        const auto encoded = asn1::encode(asn_DEF_SBCAP_TAI, &tai);
        CHECK_OK(encoded);
        const auto read = asn1::decode_as<SBCAP_TAI_t>(asn_DEF_SBCAP_TAI, *encoded);
        CHECK_OK(read);
        const auto& back = (*read)->iE_Extensions->list.array[0]->value;
        CHECK_EQ(static_cast<size_t>(back.size), size);
        CHECK(std::memcmp(back.buf, contents.data(), size) == 0);
    }
}

void a_fragment_of_an_impossible_size_is_refused() {
    for (const char* text : {"4000f110000100001267c0", "4000f110000100001267c5"}) {
        const auto read = asn1::decode(asn_DEF_SBCAP_TAI, hex(text));
        CHECK(!read);
    }
}

}  // namespace

GROUP(aper, CASE(decodes_and_encodes_a_list_of_cells), CASE(every_cut_is_refused),
      CASE(what_follows_is_refused), CASE(the_error_names_the_member),
      CASE(a_count_that_the_rest_cannot_hold_costs_nothing), CASE(a_choice_of_a_later_version_is_read_over),
      CASE(additions_of_a_later_version_are_read_over), CASE(an_alternative_behind_the_marker_goes_both_ways),
      CASE(a_string_of_1230_octets_has_two_aligned_octets_of_length), CASE(sizes_beyond_the_type_are_refused),
      CASE(a_missing_member_is_named), CASE(long_open_types_come_in_fragments),
      CASE(a_fragment_of_an_impossible_size_is_refused))
