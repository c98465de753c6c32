# SPDX-License-Identifier: AGPL-3.0-or-later
# SCTP apart: a program that doesn't use it should not need its libraries.
ALONE += $(addprefix common/,frame/record_routes.cc frame/version.cc net/sctp_userland.cc store/idempotency.cc store/record.cc \
    tls/context.cc)
APART += $(addprefix common/,cbs/warning_type.cc frame/cluster_routes.cc) \
    $(filter-out %/sctp_userland.cc,$(wildcard common/net/sctp*.cc)) \
    $(patsubst %,common/replica/%.cc,call_server copy_manifest forward_codec raft_entry snapshot_source transport) \
    $(patsubst %,common/store/%.cc,entry environment_copy importer)
$(eval $(call library,common,$(wildcard common/*/*.cc)))
$(eval $(call unit_tests,common,common))

# libusrsctp as one object in which nothing but its API is seen and our sendmsg is called (common/net/sctp_source.h).
USRSCTP := $(OBJ)/common/net/usrsctp.o
$(LIB)/libcommon.a: $(USRSCTP)
$(USRSCTP): $(shell $(CC) -print-file-name=libusrsctp.a)
	@mkdir -p $(@D)
	@ld -r --whole-archive $< -o $@
	@objcopy --wildcard --keep-global-symbol='usrsctp_*' --redefine-sym sendmsg=farol_usrsctp_sendmsg $@

# Which build this is. Looked at each time, written only when it changed.
DATE := $(shell git log -1 --format=%cI 2>/dev/null || echo unknown)
$(OUT)/gen/version.inc: FORCE
	@mkdir -p $(@D)
	@printf 'constexpr std::string_view k%s = "%s";\n' Version "$(VERSION)" Commit "$(COMMIT)" Date "$(DATE)" > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(OBJ)/common/frame/version.o: $(OUT)/gen/version.inc
$(OBJ)/common/frame/version.o: private CXXFLAGS += -I$(OUT)/gen
.PHONY: FORCE
FORCE:
$(eval $(call fuzz_target,cbs_fuzz,tests/fuzz/cbs_fuzz.cc $(wildcard common/base/*.cc common/cbs/*.cc),))
$(eval $(call fuzz_target,json_fuzz,tests/fuzz/json_fuzz.cc $(wildcard common/base/*.cc common/json/*.cc),))
$(eval $(call fuzz_target,geo_fuzz,tests/fuzz/geo_fuzz.cc $(wildcard common/base/*.cc common/json/*.cc common/geo/*.cc),))
$(eval $(call fuzz_target,http_request_fuzz,tests/fuzz/http_request_fuzz.cc $(wildcard common/base/*.cc common/json/*.cc) \
    $(patsubst %,common/http/%.cc,body_reader head_parser message target),))
$(eval $(call fuzz_target,multipart_fuzz,tests/fuzz/multipart_fuzz.cc common/http/multipart.cc $(wildcard common/base/*.cc),))
$(eval $(call fuzz_target,store_entry_fuzz,tests/fuzz/store_entry_fuzz.cc $(wildcard common/base/*.cc) \
    common/store/entry.cc common/store/blobs.cc common/store/file.cc common/store/lmdb_env.cc,))
$(eval $(call fuzz_target,link_frames_fuzz,tests/fuzz/link_frames_fuzz.cc common/replica/frames.cc \
    $(wildcard common/base/*.cc),))
$(eval $(call fuzz_target,forwarded_fuzz,tests/fuzz/forwarded_fuzz.cc common/frame/forwarded.cc common/http/message.cc \
    $(wildcard common/base/*.cc common/json/*.cc),))
$(eval $(call bench,bench_https,tests/bench/bench_https.cc,test_support common))
