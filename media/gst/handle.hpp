// SPDX-License-Identifier: MIT
#pragma once

#include <gst/gst.h>

#include <memory>

/// Owners of what GStreamer hands out. Private to media/gst.
namespace parley::media::gst {

struct Release {
  void operator()(GstObject* object) const noexcept { gst_object_unref(object); }
  void operator()(GstElement* element) const noexcept { gst_object_unref(element); }
  void operator()(GstPad* pad) const noexcept { gst_object_unref(pad); }
  void operator()(GstBus* bus) const noexcept { gst_object_unref(bus); }
  void operator()(GObject* object) const noexcept { g_object_unref(object); }
  void operator()(GstCaps* caps) const noexcept { gst_caps_unref(caps); }
  void operator()(GstPromise* promise) const noexcept { gst_promise_unref(promise); }
  void operator()(GstStructure* structure) const noexcept { gst_structure_free(structure); }
  void operator()(GError* error) const noexcept { g_error_free(error); }
  void operator()(gchar* text) const noexcept { g_free(text); }
};

using ElementPtr = std::unique_ptr<GstElement, Release>;
using PadPtr = std::unique_ptr<GstPad, Release>;
using BusPtr = std::unique_ptr<GstBus, Release>;
using ObjectPtr = std::unique_ptr<GObject, Release>;
using CapsPtr = std::unique_ptr<GstCaps, Release>;
using PromisePtr = std::unique_ptr<GstPromise, Release>;
using ErrorPtr = std::unique_ptr<GError, Release>;
using TextPtr = std::unique_ptr<gchar, Release>;

}  // namespace parley::media::gst
