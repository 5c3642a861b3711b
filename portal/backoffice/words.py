"""The Chinese of what the rooms below record: their rooms cannot name it, because this one stands above them."""

from django.utils.translation import gettext_lazy as _

from .trail import name_verb

name_verb("person.contact_shown", _("查看完整电话与住址"))
name_verb("person.contact_changed", _("修改联系方式"))
name_verb("person.phone_searched", _("按手机号查找"))
name_verb("role.granted", _("任命"))
name_verb("role.ended", _("卸任"))
name_verb("account.closed", _("停用账号"))
name_verb("account.reopened", _("重新启用账号"))
name_verb("representative.set", _("设为户代表"))
name_verb("representative.ended", _("不再是户代表"))
name_verb("guardianship.recorded", _("登记监护关系"))
name_verb("guardianship.ended", _("结束监护关系"))
name_verb("authorisation.recorded", _("登记代办授权"))
name_verb("authorisation.ended", _("结束代办授权"))
name_verb("account.opened", _("开通账号"))
name_verb("account.signed_in", _("登录"))
name_verb("account.sms_notices", _("改短信提醒"))
name_verb("account.phone_confirmed", _("验证手机号"))
name_verb("account.phone_changed", _("换手机号"))
name_verb("account.phone_confirmed_at_desk", _("当面确认手机号"))
name_verb("account.phone_released", _("收回手机号"))
name_verb("account.second_factor_removed", _("取消第二道验证"))
name_verb("sealed.rotated", _("更换加密密钥"))
name_verb("account.password_changed", _("改密码"))
name_verb("account.second_factor_set_up", _("开通第二道验证"))
name_verb("account.recovery_codes_renewed", _("重新生成备用码"))
