// SPDX-License-Identifier: MIT
#pragma once

/// Typed readers and writers of headers that are not read with every message: all of headers/ at once. Pure and without caches: views live
/// as long as the text. Take the elements of comma lists from MessageView::for_each() or next_element(); visit_values() does both.
#include <parley/sip/message/headers/answer_mode.hpp>
#include <parley/sip/message/headers/caller.hpp>
#include <parley/sip/message/headers/date.hpp>
#include <parley/sip/message/headers/dialog_reference.hpp>
#include <parley/sip/message/headers/gruu.hpp>
#include <parley/sip/message/headers/item.hpp>
#include <parley/sip/message/headers/media_type.hpp>
#include <parley/sip/message/headers/number.hpp>
#include <parley/sip/message/headers/rack.hpp>
#include <parley/sip/message/headers/refer.hpp>
#include <parley/sip/message/headers/session_timer.hpp>
#include <parley/sip/message/headers/subscription.hpp>
#include <parley/sip/message/headers/visit.hpp>
#include <parley/sip/message/headers/warning.hpp>
