// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/bytes.h"

#include "tests/support/test.h"

namespace {

void reader_reads_big_endian_and_counts() {
    const auto in = *base::from_hex("01 0203 040506 0708090a 0b0c0d0e0f101112");
    base::Reader reader(in);
    CHECK_EQ(*reader.u8("a"), 0x01);
    CHECK_EQ(*reader.u16("b"), 0x0203);
    CHECK_EQ(*reader.u24("c"), 0x040506U);
    CHECK_EQ(*reader.u32("d"), 0x0708090aU);
    CHECK_EQ(*reader.u64("e"), 0x0b0c0d0e0f101112U);
    CHECK(base::Writer().u64(0x0b0c0d0e0f101112U).take() == base::Bytes(in.end() - 8, in.end()));
    CHECK(reader.at_end());
}

void reading_past_the_end_names_the_field_and_the_offset() {
    const base::Bytes in{1, 2, 3};
    base::Reader reader(in, /*base_offset=*/10);
    CHECK_OK(reader.u16("first"));
    const auto wrong = reader.u32("Serial-Number");
    CHECK(!wrong);
    CHECK_EQ(wrong.error().offset, 12U);
    CHECK_EQ(wrong.error().text(), "Serial-Number at octet 12: truncated");
    CHECK_EQ(reader.remaining(), 1U);  // a failed read takes nothing
}

void taking_more_than_there_is_is_refused() {
    const base::Bytes in{1, 2, 3};
    base::Reader reader(in);
    CHECK(!reader.take(static_cast<size_t>(-1), "list"));
    CHECK_EQ(reader.take(3, "list")->size(), 3U);
    CHECK_EQ(reader.take(0, "nothing")->size(), 0U);
}

void writer_patches_lengths() {
    base::Writer writer;
    writer.u8(0x13).u24(0).u16(0).u8(9);
    writer.patch_u24(1, 0x010203);
    writer.patch_u16(4, 0xa0b0);
    CHECK_EQ(base::to_hex(writer.take()), "13010203a0b009");
}

void hexadecimal_goes_both_ways() {
    CHECK_EQ(base::to_hex(*base::from_hex("DE ad be EF")), "deadbeef");
    CHECK(!base::from_hex("abc"));
    CHECK(!base::from_hex("0g"));
    CHECK_EQ(base::from_hex("")->size(), 0U);
}

}  // namespace

GROUP(bytes, CASE(reader_reads_big_endian_and_counts),
      CASE(reading_past_the_end_names_the_field_and_the_offset), CASE(taking_more_than_there_is_is_refused),
      CASE(writer_patches_lengths), CASE(hexadecimal_goes_both_ways))
